#!/usr/bin/env bash
# Measures messages and the gateway: starts servers with filled databases and
# prints what each scenario cost.
#
#   bench/run_chat.sh [SECONDS [SCENARIO...]]      default: 8 seconds, all scenarios
#
# IDLE=50000 and STORM=20000 set how many clients; SERVER_SET="name=value ..." adds
# settings; BUILD=folder takes another build.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  sed -n '2,8s/^# \{0,1\}//p' bench/run_chat.sh
  exit "$1"
}
case "${1:-}" in
  -h | --help) usage 0 ;;
  "" | [1-9] | [1-9][0-9] | [1-9][0-9][0-9]) ;;
  *) usage 2 >&2 ;;
esac
readonly MEASURE=${1:-8}
shift || true
readonly BUILD=${BUILD:-build/release} IDLE=${IDLE:-50000} STORM=${STORM:-20000}
readonly SECRET=bench-secret-bench-secret-bench-secret
if [ $# -gt 0 ]; then SCENARIOS=("$@"); else
  SCENARIOS=(send-single group-1000 offline-drain idle connect-storm)
fi
if [ "$BUILD" = build/release ]; then
  [ -f build/release/build.ninja ] || cmake --preset release >&2
  cmake --build --preset release --target qingniao qn_ws_bench >&2
fi
# As root as many sockets as it takes, else as many as allowed.
ulimit -n 1000000 2>/dev/null || ulimit -n "$(ulimit -H -n)"

# shellcheck source=bench/server.sh
. bench/server.sh

settings() { # PORT
  local setting more
  read -ra more <<<"${SERVER_SET:-}"
  for setting in data_dir="$WORK/data" server.listen=127.0.0.1:"$1" log.level=warn limits.per_address=false \
    limits.send=1000000/1m \
    auth.jwt_secret="$SECRET" "${more[@]}"; do
    printf -- '--set\n%s\n' "$setting"
  done
}

# fill USERS [MEMBERS [BACKLOG]]
fill() {
  local arguments
  rm -rf "$WORK/data"
  mkdir -m 700 "$WORK/data"
  mapfile -t arguments < <(settings 0)
  "$BUILD/qingniao" migrate "${arguments[@]}" >/dev/null
  python3 -B bench/fill_chat.py "$WORK/data/qingniao.db" "$SECRET" "$WORK/users" "$@"
}

# start PORT: sets URL
start() {
  local arguments
  mapfile -t arguments < <(settings "$1")
  start_server "${arguments[@]}"
}

bench() { # SCENARIO OPTION...
  local scenario=$1
  shift
  "$BUILD/bench/qn_ws_bench" --scenario "$scenario" --url "$URL" --pid "$SERVER_PID" --users "$WORK/users" \
    --seconds "$MEASURE" "$@"
}

connect_storm() {
  local pid port=${URL##*:}
  bench connect-storm --clients "$STORM" >"$WORK/storm" &
  pid=$!
  until grep -q ready "$WORK/storm"; do
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.2
  done
  kill -KILL "$SERVER_PID"
  wait "$SERVER_PID" 2>/dev/null || true
  start "$port"
  wait "$pid"
  tail -n 1 "$WORK/storm"
}

echo "$(nproc) cores shared with the load generator, $MEASURE s per scenario, $(date -u +%F)"
status=0
for scenario in "${SCENARIOS[@]}"; do
  case $scenario in
    send-single) fill 64 && start 0 && bench send-single --clients 64 --senders 64 || status=1 ;;
    group-1000) fill 1000 1000 && start 0 && bench group-1000 --clients 1000 --senders 8 || status=1 ;;
    idle) fill "$IDLE" && start 0 && bench idle --clients "$IDLE" || status=1 ;;
    connect-storm) fill "$STORM" && start 0 && connect_storm || status=1 ;;
    offline-drain) fill 101 0 2000 && start 0 && bench offline-drain --clients 100 --messages 2000 || status=1 ;;
    *) usage 2 >&2 ;;
  esac
  stop_server
done
exit $status
