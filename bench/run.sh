#!/usr/bin/env bash
# Builds the release, starts a server with fresh data on a free port, runs the
# scenarios and prints a Markdown table.
#
#   bench/run.sh [SECONDS [SCENARIO...]]      default: 8 seconds, all scenarios
#
# BUILD=folder takes another build; SERVER_SET="name=value ..." adds settings.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  sed -n '2,7s/^# \{0,1\}//p' bench/run.sh
  exit "$1"
}
case "${1:-}" in
  -h | --help) usage 0 ;;
  "" | [1-9] | [1-9][0-9] | [1-9][0-9][0-9]) ;;
  *) usage 2 >&2 ;;
esac
readonly MEASURE=${1:-8}
shift || true
readonly BUILD=${BUILD:-build/release}
if [ $# -gt 0 ]; then SCENARIOS=("$@"); else
  SCENARIOS=(authenticated-get authenticated-get-pipelined authenticated-post static login register
    login-storm friend-list-2000 group-info-5000 console)
fi
readonly SCENARIOS

if [ "$BUILD" = build/release ]; then
  [ -f build/release/build.ninja ] || cmake --preset release >&2
  cmake --build --preset release --target qingniao qn_bench >&2
fi

# shellcheck source=bench/server.sh
. bench/server.sh

# What is measured is the server, not its limits: logins of one account would
# meet theirs within a second.
settings=(data_dir="$WORK/data" server.listen=127.0.0.1:0 log.level=warn
  limits.per_address=false limits.login_per_account=1000000/1m limits.group_members=6000)
read -ra more <<<"${SERVER_SET:-}"
arguments=()
for setting in "${settings[@]}" "${more[@]}"; do arguments+=(--set "$setting"); done

# A fixed file for the static scenario, and the address the server chose.
mkdir -m 700 "$WORK/data"
mkdir "$WORK/data/public"
head -c 16384 /dev/urandom >"$WORK/data/public/bench.bin"
# Users to be friends with and to fill a group; the console is measured with 100,000, which stand in the
# way of nobody else.
users=0
[[ " ${SCENARIOS[*]} " != *" friend-list-2000 "* ]] || users=3000
group=()
[[ " ${SCENARIOS[*]} " != *" group-info-5000 "* ]] || users=5000 group=(5000)
[[ " ${SCENARIOS[*]} " != *" console "* ]] || users=100000
if [ "$users" != 0 ]; then
  "$BUILD/qingniao" migrate "${arguments[@]}" >/dev/null
  python3 -B bench/fill_users.py "$WORK/data/qingniao.db" "$users" ${group[@]+"${group[@]}"}
fi
if [[ " ${SCENARIOS[*]} " == *" console "* ]]; then
  echo bench-password | "$BUILD/qingniao" admin create --username bench --password-stdin --super \
    "${arguments[@]}" >/dev/null
fi
start_server "${arguments[@]}"

bench() {
  "$BUILD/bench/qn_bench" --url "$URL" --pid "$SERVER_PID" --seconds "$MEASURE" --markdown "$@"
}

# One page of the console, as a manager who is logged in.
console() {
  local cookie
  cookie=$(curl -s -D - -o /dev/null "$URL/admin/loginevent" -H 'content-type: application/json' \
    -d '{"username":"bench","password":"bench-password"}' | tr -d '\r' |
    sed -n 's/^Set-Cookie: \(qn_admin=[^;]*\).*/\1/p')
  bench --scenario static --connections 8 --header "Cookie: $cookie" --name "$1" --path "$2"
}

echo "$(nproc) cores shared with the load generator, $MEASURE s per scenario, $(date -u +%F)"
echo
"$BUILD/bench/qn_bench" --markdown-head
status=0
for scenario in "${SCENARIOS[@]}"; do
  case $scenario in
    authenticated-get-pipelined) bench --scenario authenticated-get --pipeline 16 || status=1 ;;
    login | register | friend-list-2000 | group-info-5000) bench --scenario "$scenario" --connections 8 || status=1 ;;
    console)
      console console-first-page "/admin/chatuser" || status=1
      console console-middle-page "/admin/chatuser?page=5000" || status=1
      console console-last-page "/admin/chatuser?page=10000" || status=1
      console console-filtered-page "/admin/chatuser?role=visitor&page=500" || status=1
      console console-search "/admin/chatuser?keyword=9999" || status=1
      console console-search-chinese "/admin/chatuser?keyword=%E5%B0%8F%E6%9D%8E" || status=1
      ;;
    login-storm) bench --scenario login-storm --connections 32 --others 16 || status=1 ;;
    *) bench --scenario "$scenario" || status=1 ;;
  esac
done

if [ $# = 0 ] && [ -x "$BUILD/bench/qn_micro" ]; then
  echo
  "$BUILD/bench/qn_micro" --benchmark_min_time=0.2 2>/dev/null
fi
exit $status
