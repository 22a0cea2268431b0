#!/usr/bin/env bash
# Replays the recorded exchanges that today's routes cover (routes.txt) against a
# fresh server. The recordings and their runner are not part of this repository:
# QINGNIAO_GOLDEN names their folder, by default ../shared/golden.
exec python3 "$(dirname "$0")/run.py" "$@"
