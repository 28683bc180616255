#!/usr/bin/env bash
# How many reports of private sync do a leader and a helper with SQLite bear on this machine? Devices, both sides and the
# sender share its processors. The reports are made beforehand.
#
#   cmake --preset release -DSOTTO_BUILD_SERVER=ON -DSOTTO_BUILD_TESTS=ON -DSOTTO_BUILD_BENCH=ON
#   ninja -C build/release sotto_cli sotto_sync_client sotto_bench_sync_sender
#   bench/serve/sync_load.sh [--seconds N] [--rate REPORTS]
#
# Prints the rate, the time of a POST (p50, p99), how many reports a second were added up, and the processor time of a
# report on each side.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
seconds=20
rate=420
while (($#)); do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --rate) rate=$2; shift 2 ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
export SOTTO_CLI=${SOTTO_CLI:-$here/../../build/release/bin/sotto}
exec node "$here/sync_load.mjs" "$seconds" "$rate"
