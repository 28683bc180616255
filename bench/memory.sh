#!/usr/bin/env bash
# How much memory and time does a log of many events take, to be read and to be trained on?
#
#   bench/memory.sh [EVENTS [TRAINED_EVENTS]]
#
# Makes a log of EVENTS events (50 million by default, about 1.3 GB) in TMPDIR, runs `sotto check` on it and, when
# TRAINED_EVENTS is given, one epoch of `sotto train` with a small network on a log of that many. Prints peak memory and
# seconds, and what training says of its own peak, and removes the logs. Needs GNU time and a C++ compiler.
set -euo pipefail

events=${1:-50000000}
trained=${2:-0}
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
sotto=${SOTTO_CLI:-$top/build/release/bin/sotto}
[[ -x $sotto ]] || { echo "memory.sh: no program $sotto; run ./sotto setup or set SOTTO_CLI" >&2; exit 1; }
[[ -x /usr/bin/time ]] || { echo "memory.sh: GNU time is missing; install the package 'time'" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${CXX:-c++}" -std=c++20 -O2 -o "$work/make_log" "$top/bench/make_log.cpp"

measure() { # EVENTS LABEL COMMAND...
  local log_events=$1 label=$2
  shift 2
  /usr/bin/time -o "$work/time" -f '%M %e %U' "$@" >"$work/out" 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
  read -r kilobytes seconds processor <"$work/time"
  awk -v label="$label" -v events="$log_events" -v kb="$kilobytes" -v s="$seconds" -v u="$processor" 'BEGIN {
    printf "%-6s %11d events  peak %6.0f MB (%5.1f bytes per event)  %6.1f s (%.1f s of processor time)\n",
           label, events, kb * 1024 / 1e6, kb * 1024 / events, s, u }'
}

"$work/make_log" "$events" >"$work/log.csv"
measure "$events" check "$sotto" check --interactions "$work/log.csv" --json
rm "$work/log.csv"
if ((trained > 0)); then
  "$work/make_log" "$trained" >"$work/log.csv"
  measure "$trained" train "$sotto" train --interactions "$work/log.csv" --out "$work/model" \
    --epochs 1 --embedding-dim 16 --hidden-dim 16
  sed -n 's/^peak memory/sotto train says: peak memory/p' "$work/out"
fi
