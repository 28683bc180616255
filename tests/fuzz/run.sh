#!/usr/bin/env bash
# Runs every fuzz target of a build, each for the same share of the given seconds, several side by side.
#
#   tests/fuzz/run.sh SECONDS [BUILD-FOLDER]
#
# The build folder is build/sanitizers by default. New inputs go to BUILD-FOLDER/corpus, crashes to
# BUILD-FOLDER/NAME-crash-*. The known inputs in tests/fuzz/seeds are read, never changed.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [BUILD-FOLDER]}
build=${2:-$top/build/sanitizers}
jobs=$(nproc)

run_target() { # NAME
  local name=$1
  mkdir -p "$build/corpus/$name"
  # libFuzzer writes to the first folder and only reads the others.
  local -a corpus=("$build/corpus/$name")
  [[ -d $top/tests/fuzz/seeds/$name ]] && corpus+=("$top/tests/fuzz/seeds/$name")
  "$build/bin/$name" -max_total_time="$share" -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/$name-" "${corpus[@]}" >"$build/$name.log" 2>&1 || {
    printf 'FAILED %s\n' "$name"
    tail -n 40 "$build/$name.log"
    return 1
  }
  printf 'passed %s, %s inputs\n' "$name" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")"
}

mapfile -t names < <(find "$top/tests/fuzz" -name '*_fuzz.cpp' -exec basename {} .cpp ';' | sort)
((${#names[@]})) || { echo "tests/fuzz has no *_fuzz.cpp" >&2; exit 1; }
share=$((seconds * jobs / ${#names[@]}))
((share > 0)) || share=1
export top build share
export -f run_target
printf '%s\n' "${names[@]}" | xargs -P "$jobs" -I NAME bash -c 'run_target NAME'
