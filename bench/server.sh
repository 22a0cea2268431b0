# For run.sh and run_chat.sh: a server of this build in a folder of its own, stopped
# and removed with it when the script ends. Wants BUILD; sets WORK, SERVER_PID, URL.
WORK=$(mktemp -d)
SERVER_PID=
URL=
readonly PATIENCE_TENTHS=100

# start_server OPTION...
start_server() {
  local i
  "$BUILD/qingniao" serve "$@" >"$WORK/out" 2>"$WORK/log" &
  SERVER_PID=$!
  URL=
  for ((i = 0; i < PATIENCE_TENTHS; i++)); do
    URL=$(sed -n 's,.*\(http://127\.0\.0\.1:[0-9]*\).*,\1,p' "$WORK/out" | head -n 1)
    [ -z "$URL" ] || return 0
    kill -0 "$SERVER_PID" 2>/dev/null || break
    sleep 0.1
  done
  echo "bench: the server does not start" >&2
  cat "$WORK/out" "$WORK/log" >&2
  exit 1
}

stop_server() {
  local i
  [ -n "$SERVER_PID" ] || return 0
  kill -TERM "$SERVER_PID" 2>/dev/null || true
  for ((i = 0; i < PATIENCE_TENTHS; i++)); do
    kill -0 "$SERVER_PID" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$SERVER_PID" 2>/dev/null || true
  wait "$SERVER_PID" 2>/dev/null || true
  SERVER_PID=
}

# shellcheck disable=SC2317  # called by the trap
cleanup() {
  stop_server
  rm -rf "$WORK"
}
trap cleanup EXIT
