/**
 * Shell functions that the scripts of entity types may use: `fail`, `is_at_least`, `need`, `update`, `candidate_of`,
 * `mask`, `install_packages`, `install_package_from`, `is_packaged`, `fetch`, `unpack`, `unpack_to`, `unpack_to_prefix`, `is_made_of`,
 * `note_made_of`, `once`, `sql_text`. They want `$TITLE`, `$ASKED_VERSION` and `$WORK`.
 */
export const SHELL_FUNCTIONS = `fail() { echo "$TITLE\${ASKED_VERSION:+ $ASKED_VERSION}: $1" >&2; exit 1; }
is_at_least() { [ "$(printf '%s\\n%s\\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }
apt() {
  command -v apt-get >/dev/null || fail "this machine has no apt-get: use an image of Debian or Ubuntu"
  mkdir -p "$WORK"
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@" >"$WORK/apt.log" 2>&1 ||
    { tail -n 5 "$WORK/apt.log" >&2; return 1; }
}
update() { [ -n "\${updated:-}" ] || apt update -o APT::Update::Error-Mode=any; updated=yes; }
candidate_of() { apt-cache policy "$1" | sed -n 's/^ *Candidate: //p' | sed 's/^[0-9]*://; s/^(none)$//'; }
is_installed() { dpkg-query --show --showformat '\${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }
need() { command -v "$1" >/dev/null || { shift; update; apt install --no-install-recommends "$@"; }; }
# True unless another version is asked for than the distribution has: 8.0 means 8.0, 8.0.1 and so on.
is_packaged() {
  is_installed "$1" || update
  found=$(candidate_of "$1")
  [ -n "$found" ] || return 1
  [ -n "$ASKED_VERSION" ] || return 0
  case \${found%%[-+]*}. in "$ASKED_VERSION".*) ;; *) return 1 ;; esac
}
# Units of packages in whose place the type has one of its own.
mask() {
  for unit; do
    if systemctl is-active --quiet "$unit.service"; then systemctl stop "$unit.service"; fi
    ln -sf /dev/null "/etc/systemd/system/$unit.service"
  done
}
POLICY=/usr/sbin/policy-rc.d
allow_services() { if grep -q Clocker "$POLICY" 2>/dev/null; then rm -f "$POLICY"; fi; }
clean_up() { allow_services; rm -rf "$WORK"; }
hold_services() {
  if [ ! -e "$POLICY" ] || grep -q Clocker "$POLICY"; then
    printf '#!/bin/sh\\n# Written by Clocker while it installs packages.\\nexit 101\\n' >"$POLICY"
    chmod 755 "$POLICY"
  fi
}
# Their services are not started yet: they would run with the distribution's configuration.
install_packages() {
  missing=
  for package; do is_installed "$package" || missing="$missing $package"; done
  [ -n "$missing" ] || return 0
  update
  for package in $missing; do
    candidate=$(candidate_of "$package")
    [ -n "$candidate" ] || fail "the distribution has no package $package: use an image of Debian or Ubuntu that has it"
  done
  hold_services
  apt install --no-install-recommends $missing || fail "its packages$missing cannot be installed"
  allow_services
}
fetch() {
  mkdir -p "$WORK"
  need curl curl ca-certificates
  curl -fsSL --retry 3 --connect-timeout 20 -o "$2" "$1" || fail "$1 cannot be fetched from the machine"
}
# install_package_from NAME URL: the package of the version $INSTALL_VERSION, from an address.
install_package_from() {
  version_of() { dpkg-query --show --showformat '\${Version}' "$1" 2>/dev/null; }
  case $(version_of "$1") in "$INSTALL_VERSION" | "$INSTALL_VERSION"[-+~]*) is_installed "$1" && return 0 ;; esac
  fetch "$2" "$WORK/$1.deb"
  found=$(dpkg-deb --field "$WORK/$1.deb" Package Version 2>/dev/null | sed 's/.*: //' | paste -s -d ' ')
  case $found in
    "$1 $INSTALL_VERSION" | "$1 $INSTALL_VERSION"[-+~]*) ;;
    *) fail "install.version is $INSTALL_VERSION but $2 holds \${found:-no package}: set install.version to what it holds, or download.url to a package $1 of $INSTALL_VERSION" ;;
  esac
  update
  hold_services
  apt install --no-install-recommends --allow-downgrades "$WORK/$1.deb" || fail "$2 cannot be installed"
  allow_services
}
# Into $WORK/tree; what a killed run has unpacked stays.
unpack() {
  if is_made_of "$WORK/unpacked" "$1"; then return 0; fi
  rm -rf "$WORK/tree"
  fetch "$1" "$WORK/archive"
  mkdir "$WORK/tree"
  case $1 in
    *.zip) need unzip unzip; unzip -q "$WORK/archive" -d "$WORK/tree" || fail "$1 is no zip archive" ;;
    *) tar -xf "$WORK/archive" -C "$WORK/tree" || fail "$1 is no tar archive" ;;
  esac
  note_made_of "$WORK/unpacked" "$1"
}
# unpack_to URL FOLDER: in place of the folder, without the folder around it all.
unpack_to() {
  folder=$2
  unpack "$1"
  set -- "$WORK/tree"/*
  if [ $# = 1 ] && [ -d "$1" ]; then top=$1; else top=$WORK/tree; fi
  chown -R root:root "$top"
  chmod -R go+rX "$top"
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")"
  mv "$top" "$folder"
  rm -rf "$WORK/unpacked" "$WORK/tree" "$WORK/archive"
}
unpack_to_prefix() {
  if [ -e "$PREFIX/.complete" ]; then return 0; fi
  unpack_to "$1" "$PREFIX"
  touch "$PREFIX/.complete"
}
# What something was made of is noted by its sum alone: it may hold a password.
is_made_of() { [ "$(printf %s "$2" | sha256sum)" = "$(cat "$1" 2>/dev/null)" ]; }
note_made_of() { (umask 077; printf %s "$2" | sha256sum >"$1"); }
# One literal of SQL: a quote in it is two.
sql_text() { printf "'"; printf %s "$1" | sed "s/'/''/g"; printf "'"; }
# once NAME TEXT [COMMAND...]: gives the command the text as its input, or runs the text by bash, unless that has been done to its end.
# Texts may hold secrets: they are nobody's arguments, and no other user reads their sums.
once() {
  stamp="/var/lib/clocker/once/$NAME-$1"
  text=$2
  sum=$(printf %s "$text" | sha256sum)
  if [ "$sum" = "$(cat "$stamp" 2>/dev/null)" ]; then return 0; fi
  mkdir -p /var/lib/clocker/once
  chmod 700 /var/lib/clocker/once
  shift 2
  if [ $# != 0 ]; then
    "$@" <<TEXT
$text
TEXT
  else
    bash -e /dev/fd/3 3<<TEXT
$text
TEXT
  fi
  echo "$sum" >"$stamp"
}`;
