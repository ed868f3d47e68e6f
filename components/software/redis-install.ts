import { createHash } from "node:crypto";
import type { Workload } from "../../blueprint/model";
import { shellQuote } from "../../providers/machine/shell-quote";

type RedisWorkload = Extract<Workload, { kind: "redis" }>;

/** Where a version's programs lie: `<prefix>/bin/redis-server`. */
export function redisPrefix(version: string): string {
  return `/opt/clocker/redis-${version.replace(/[^\w.-]/g, "_")}`;
}

/**
 * A script that puts exactly that version under its prefix. With `downloadUrl`: from that archive, built if it holds only source. Without:
 * the distribution's package if it is of that version, else Redis's own source archive.
 */
export function installRedisScript({ version, downloadUrl }: RedisWorkload): string {
  return `version=${shellQuote(version)}
prefix=${shellQuote(redisPrefix(version))}
work=${shellQuote(`/opt/clocker/build/${createHash("sha256").update(`${version} ${downloadUrl}`).digest("hex").slice(0, 12)}`)}
url=${shellQuote(downloadUrl ?? "")}
${FUNCTIONS}
if [ "$(version_of "$prefix/bin/redis-server")" = "$version" ]; then exit 0; fi
command -v apt-get >/dev/null || fail "this machine has no apt-get: use an image of Debian or Ubuntu"
# An orderly end clears it; what a killed run has built is built on.
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
${downloadUrl === undefined ? FROM_DISTRIBUTION : "from_archive"}
found=$(version_of "$prefix/bin/redis-server")
if [ "$found" != "$version" ]; then
  rm -rf "$prefix"
  fail "install.version is $version but $origin holds Redis \${found:-of no known version}: set install.version to what it holds, or download.url to an archive of $version"
fi`;
}

const FUNCTIONS = `fail() { echo "cannot install Redis $version: $1" >&2; exit 1; }
version_of() { "$1" --version 2>/dev/null | sed -n 's/^Redis server v\\(=\\|ersion \\)\\([^ ]*\\).*/\\2/p'; }
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >"$work/apt.log" 2>&1 || { tail -n 5 "$work/apt.log" >&2; return 1; }; }
update() { apt update -o APT::Update::Error-Mode=any; }
need() { command -v "$1" >/dev/null || { shift; update; apt install --no-install-recommends "$@"; }; }
fetch() {
  need curl curl ca-certificates
  curl -fsSL --retry 3 --connect-timeout 20 -o "$work/archive" "$url" || fail "$url cannot be fetched from the machine"
}
from_archive() {
  origin=$url
  if [ ! -e "$work/unpacked" ]; then
    rm -rf "$work/tree"
    fetch
    mkdir "$work/tree"
    tar -xf "$work/archive" -C "$work/tree" || fail "$url is no tar archive"
    touch "$work/unpacked"
  fi
  server=$(find "$work/tree" -type f -name redis-server -perm -u=x | head -n 1)
  if [ -z "$server" ] || [ -z "$(version_of "$server")" ]; then build; fi
  mkdir -p "$prefix/bin"
  cp "$server" "$prefix/bin/redis-server"
  if [ -x "$(dirname "$server")/redis-cli" ]; then cp "$(dirname "$server")/redis-cli" "$prefix/bin/"; fi
}
build() {
  main=$(find "$work/tree" -path '*/src/server.c' -o -path '*/src/redis.c' | head -n 1)
  [ -n "$main" ] || fail "$url holds neither a redis-server that runs here nor the source of Redis"
  source=$(dirname "$(dirname "$main")")
  need cc gcc libc6-dev
  need make make
  # Releases before 6 define variables in headers, which GCC from 10 on refuses without -fcommon.
  export CFLAGS=-fcommon
  if ! compile; then
    # The bundled allocator of old releases does not build everywhere; libc's does.
    echo MALLOC=libc >"$work/allocator"
    make -C "$source" distclean >/dev/null 2>&1 || true
    compile || { tail -n 15 "$work/build.log" >&2; fail "its source from $url does not build"; }
  fi
  server=$source/src/redis-server
}
compile() { make -C "$source" -j "$(nproc)" $(cat "$work/allocator" 2>/dev/null) >"$work/build.log" 2>&1; }`;

const FROM_DISTRIBUTION = `update
candidate=$(apt-cache policy redis-server | sed -n 's/^ *Candidate: //p')
candidate=\${candidate#*:}
if [ "\${candidate%%-*}" = "$version" ]; then
  origin="the package redis-server $candidate"
  # The package's own service would take port 6379.
  ln -sf /dev/null /etc/systemd/system/redis-server.service
  apt install --no-install-recommends redis-server
  mkdir -p "$prefix/bin"
  ln -sf /usr/bin/redis-server /usr/bin/redis-cli "$prefix/bin/"
else
  url="http://download.redis.io/releases/redis-$version.tar.gz"
  from_archive
fi`;
