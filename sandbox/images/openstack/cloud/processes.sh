# Background processes of the container. All are children of PID 1 (start.sh), so nothing stale can be left behind.
declare -A PIDS=() COMMANDS=()

say() { printf '[%4ds] %s\n' $((SECONDS - STARTED)) "$*"; }

# last_words NAME: the end of what a process has logged.
last_words() { tail -q -n 20 "$LOG/$1.out" "$LOG/$1.log" 2> /dev/null; }

die() {
  say "FAILED: $*"
  stop_processes
  exit 1
}

# run COMMAND...: like the command itself, but a signal to PID 1 is heard while it runs.
run() {
  "$@" &
  wait $!
}

alive() { [ -n "${PIDS[$1]:-}" ] && kill -0 "${PIDS[$1]}" 2> /dev/null; }

# start NAME COMMAND...: in the background, in a process group of its own, kept alive by supervise.
start() {
  local name=$1
  shift
  COMMANDS[$name]=$(printf '%q ' "$@")
  launch "$name"
}

launch() {
  (eval "exec setsid ${COMMANDS[$1]}") >> "$LOG/$1.out" 2>&1 < /dev/null &
  PIDS[$1]=$!
  disown "$!" # or the shell reports each one that is killed
}

# wait_for NAME SECONDS COMMAND...: until COMMAND succeeds; fails early if the process NAME ends.
wait_for() {
  local name=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" > /dev/null 2>&1; do
    alive "$name" || { last_words "$name"; die "$name has ended"; }
    ((SECONDS < end)) || { last_words "$name"; die "$name does not answer"; }
    sleep 0.25
  done
}

answers() { curl --silent --output /dev/null --max-time 5 "http://127.0.0.1:$1/"; }

# supervise: starts again what has ended; never returns.
supervise() {
  local name
  while run sleep 5; do
    for name in "${!COMMANDS[@]}"; do
      alive "$name" && continue
      say "$name has ended, starting it again"
      launch "$name"
    done
  done
}

signal() {
  local sig=$1 name
  shift
  for name in "$@"; do
    if alive "$name"; then kill "-$sig" -- "-${PIDS[$name]}" 2> /dev/null || true; fi
  done
}

# Guests and database end in order; the other services keep all they know in the database, and their slow farewells would
# only take time from the guests.
stop_processes() {
  local name end stateless=()
  trap '' TERM INT
  set +e
  rm -f "$READY"
  for name in "${!COMMANDS[@]}"; do
    case $name in mariadb | libvirtd | virtlogd) ;; *) stateless+=("$name") ;; esac
  done
  signal KILL "${stateless[@]}"
  stop_guests
  signal TERM mariadb
  end=$((SECONDS + 5))
  while ((SECONDS < end)) && alive mariadb; do sleep 0.1; done
}
