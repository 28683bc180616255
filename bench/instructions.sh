#!/usr/bin/env bash
# Does this checkout run more instructions than another commit? Unlike time, their number hardly changes from run to run,
# so it can be compared on a busy machine.
#
#   bench/instructions.sh [COMMIT [ROW...]]
#
# Builds the program of COMMIT (HEAD by default, against uncommitted changes) in a temporary worktree and counts for both,
# under valgrind, the instructions of one call of each ROW of `sotto bench` (by default event, event_top10, replay_top10
# and scores) in each tier that valgrind knows: the reference and AVX2, not AVX-512. What comes before the first call
# is counted apart and taken off. SOTTO_CLI names the program of this checkout (default: build/release/bin/sotto), which is
# taken as it is; JOBS the jobs of the build (default: 2).
set -euo pipefail

commit=${1:-HEAD}
rows=("${@:2}")
((${#rows[@]})) || rows=(event event_top10 replay_top10 scores)
calls=20
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
here=${SOTTO_CLI:-$top/build/release/bin/sotto}

stop() {
  printf 'instructions.sh: %s\n' "$1" >&2
  exit 1
}
[[ -x $here ]] || stop "no program $here; run ./sotto setup or set SOTTO_CLI"
command -v valgrind >/dev/null || stop "valgrind is missing; install the Debian package 'valgrind'"
revision=$(git -C "$top" rev-parse --verify --quiet "$commit^{commit}") || stop "no commit '$commit'"

work=$(mktemp -d)
clean_up() {
  git -C "$top" worktree remove --force "$work/tree" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

build() {
  git -C "$top" worktree add --quiet --detach "$work/tree" "$revision"
  cmake -S "$work/tree" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSOTTO_BUILD_TESTS=OFF
  cmake --build "$work/build" --target sotto_cli -j "${JOBS:-2}"
}
printf 'building %s\n' "$(git -C "$top" log -1 --format='%h %s' "$revision")" >&2
build >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; stop "$commit does not build"; }
there=$work/build/bin/sotto
"$there" bench --calls 0 >"$work/log" 2>&1 || stop "$commit has no 'sotto bench --calls'"

count() { # PROGRAM TIER ROW CALLS
  valgrind --tool=callgrind --callgrind-out-file="$work/profile" \
    "$1" bench --tier "$2" --row "$3" --calls "$4" >"$work/log" 2>&1 || { cat "$work/log" >&2; stop "valgrind failed"; }
  awk '$1 == "summary:" || $1 == "totals:" { total = $2 } END { print total }' "$work/profile"
}

per_call() { # PROGRAM TIER ROW
  local before after
  before=$(count "$1" "$2" "$3" 0)
  after=$(count "$1" "$2" "$3" "$calls")
  echo $(((after - before) / calls))
}

# Under valgrind the processor looks like the one that valgrind knows.
mapfile -t tiers < <(valgrind --quiet --tool=none "$here" bench --calls 0 --row event | awk '{ print $2 }')

printf '%-16s %-12s %14s %14s %8s\n' 'one call of' tier "${revision:0:10}" 'this checkout' ratio
for row in "${rows[@]}"; do
  for tier in "${tiers[@]}"; do
    before=$(per_call "$there" "$tier" "$row")
    now=$(per_call "$here" "$tier" "$row")
    awk -v row="$row" -v tier="$tier" -v a="$before" -v b="$now" \
      'BEGIN { printf "%-16s %-12s %14d %14d %8.4f\n", row, tier, a, b, b / a }'
  done
done
