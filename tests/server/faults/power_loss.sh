#!/usr/bin/env bash
# power_loss.sh PROGRAM FAULTS-LIBRARY [ROUNDS]: a SQLite store is killed at random moments, and what was not synced is lost.
# Every acknowledged event must be there, once. Three controls show that the layer does what it says.
set -euo pipefail
program=$1
library=$2
rounds=${3:-8}
folder=$(mktemp -d "${TMPDIR:-/tmp}/sotto-faults-XXXXXX")
trap 'rm -rf "$folder"' EXIT
data=$folder/data
shadow=$folder/shadow
control=$folder/control
mkdir "$data" "$shadow"
touch "$folder/acknowledged"
fail() {
  echo "power_loss.sh: $*" >&2
  exit 1
}
with_faults() { LD_PRELOAD=$library SOTTO_FAULTS=$control "$@"; }

# What is written and not synced is not in the shadow; what is synced is.
printf 'data %s\ndrop-unsynced %s\n' "$data" "$shadow" >"$control"
with_faults dd if=/dev/zero of="$data/written" bs=1000 count=3 status=none
with_faults dd if=/dev/zero of="$data/synced" bs=1000 count=3 conv=fsync status=none
[[ ! -e $shadow/written && $(stat -c %s "$shadow/synced") == 3000 ]] || fail "the shadow is not what was synced"
with_faults mv "$data/synced" "$data/renamed"
[[ -e $shadow/synced && ! -e $shadow/renamed ]] || fail "a name was durable before its folder's fsync"
printf 'data %s\nfull\n' "$data" >"$control"
message=$(with_faults dd if=/dev/zero of="$data/more" bs=1000 count=3 status=none 2>&1) && fail "the disk was not full"
[[ $message == *"No space left"* ]] || fail "a full disk said: $message"
printf 'data %s\nread-only\n' "$data" >"$control"
message=$(with_faults rm -f "$data/renamed" 2>&1) && fail "the disk was not read-only"
[[ $message == *"Read-only file system"* ]] || fail "a read-only disk said: $message"
printf 'clock +86400\n' >"$control"
shifted=$(with_faults date +%s)
((shifted - $(date +%s) > 86000)) || fail "the clock did not move"

rm -rf "$data" "$shadow"
mkdir "$data" "$shadow"
printf 'data %s\ndrop-unsynced %s\n' "$data" "$shadow" >"$control"
for ((round = 1; round <= rounds; ++round)); do
  LD_PRELOAD=$library SOTTO_FAULTS=$control "$program" work "$data/sotto.db" "$round" >>"$folder/acknowledged" &
  worker=$!
  sleep "$((RANDOM % 2)).$((RANDOM % 10))"
  kill -KILL "$worker" || fail "the worker ended by itself"
  wait "$worker" 2>/dev/null || true
  # The power is back: the disk has what was synced, and nothing else.
  rm -rf "$data"
  cp -r "$shadow" "$data"
  rm -f "$data"/*.unfinished
  "$program" check "$data/sotto.db" <"$folder/acknowledged"
  rm -rf "$shadow"
  cp -r "$data" "$shadow"
done
[[ $(wc -l <"$folder/acknowledged") -gt 100 ]] || fail "too little was acknowledged to tell anything"
