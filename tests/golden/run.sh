#!/usr/bin/env bash
# Replays the recorded exchanges and WebSocket scenes against a fresh server, but
# for those of left_out.txt. The recordings and their runner are not part of this repository:
# QINGNIAO_GOLDEN names their folder, by default ../shared/golden.
exec python3 "$(dirname "$0")/run.py" "$@"
