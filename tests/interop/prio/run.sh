#!/usr/bin/env bash
# 1,000 random reports both ways between Prio3Histogram and the crate `prio`: each side verifies the other's reports and
# its own, and both must print the same verifier shares, messages and aggregate shares.
#
#   tests/interop/prio/run.sh SOTTO_REPORTS BUILD_FOLDER
#
# Building the crate takes a minute, so that it runs only with SOTTO_PRIO_INTEROP=1 in the environment. Exits with 77
# otherwise, and where cargo is missing, too old for the crate, or cannot reach a registry.
set -euo pipefail

sotto_reports=$1
build=$2
here=$(cd "$(dirname "$0")" && pwd)

skip() {
  echo "skipped: $1"
  exit 77
}

[[ ${SOTTO_PRIO_INTEROP:-} == 1 ]] || skip "set SOTTO_PRIO_INTEROP=1 to run it"
command -v cargo > /dev/null || skip "cargo is not installed"
# The project is built in a copy, so that cargo writes nothing into the checkout.
mkdir -p "$build"
rm -rf "$build/project"
mkdir "$build/project"
cp -r "$here/Cargo.toml" "$here/src" "$build/project"
manifest=$build/project/Cargo.toml
[[ -f $build/Cargo.lock ]] && cp "$build/Cargo.lock" "$build/project"
if ! cargo fetch --quiet --manifest-path "$manifest" 2> "$build/fetch.log"; then
  skip "cargo cannot fetch the crate: $(tail -n 1 "$build/fetch.log")"
fi
cp "$build/project/Cargo.lock" "$build"
if ! CARGO_TARGET_DIR="$build/target" cargo build --quiet --offline --manifest-path "$manifest" 2> "$build/build.log"; then
  grep -q "rustc .* is not supported\|requires rustc" "$build/build.log" && skip "this rustc is too old for the crate"
  cat "$build/build.log"
  exit 1
fi
prio_interop=$build/target/debug/prio-interop

# LENGTH CHUNK COUNT: production's parameters, and small ones at the edges of the chunks.
while read -r length chunk count; do
  "$sotto_reports" shard "$length" "$chunk" "$count" > "$build/ours.txt"
  "$prio_interop" shard "$length" "$chunk" "$count" > "$build/theirs.txt"
  for reports in ours theirs; do
    "$sotto_reports" verify "$length" "$chunk" < "$build/$reports.txt" > "$build/$reports.by_us.txt"
    "$prio_interop" verify "$length" "$chunk" < "$build/$reports.txt" > "$build/$reports.by_them.txt"
    cmp "$build/$reports.by_us.txt" "$build/$reports.by_them.txt"
    lines=$(wc -l < "$build/$reports.by_us.txt")
    [[ $lines -eq $((count + 2)) ]] || { echo "expected $count reports, got $((lines - 2))"; exit 1; }
  done
  echo "length $length, chunk $chunk: $count reports of each side verified by both"
done << 'ROWS'
4096 66 400
16384 130 20
1 1 80
2 1 100
64 8 200
100 10 100
257 16 100
ROWS
rm -f "$build"/*.txt
