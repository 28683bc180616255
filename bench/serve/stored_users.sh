#!/usr/bin/env bash
# How large does one SQLite file get, how fast does the server start on it, and how long does a user wait who is not in
# memory?
#
#   cmake --preset release -DSOTTO_BUILD_SERVER=ON -DSOTTO_BUILD_BENCH=ON
#   ninja -C build/release sotto_cli sotto_bench_classic_model sotto_bench_fill_users
#   bench/serve/stored_users.sh [USERS [EVENTS]]      (1,000,000 users with 50 events each)
#
# The store is made in $TMPDIR and removed. Users are asked for at random, at 50 and at 200 requests a second, so that
# nearly all of them come from the file: the operating system may have it in memory.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
build=${SOTTO_BUILD:-$here/../../build/release}
export STORED_USERS=${1:-1000000}
events=${2:-50}
port=${PORT:-18099}
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill -TERM "$server"; wait; rm -rf "$work"' EXIT

for ((i = 0; i < 10000; ++i)); do echo "item-$i"; done >"$work/items"
"$build/bench/classic_model" "$work/classic.safetensors" >/dev/null
mkdir "$work/data"
"$build/bench/fill_users" "$work/data/sotto.db" "$STORED_USERS" "$events" "$work/items"

begun=$(date +%s%N)
"$build/bin/sotto" serve --model "$work/classic.safetensors" --data "$work/data" --port "$port" --quiet >"$work/log" 2>&1 &
server=$!
until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz"; do
  kill -0 "$server" || { cat "$work/log" >&2; exit 1; }
  sleep 0.01
done
echo "ready after $((($(date +%s%N) - begun) / 1000000)) ms"
sleep 5 # the model is compressed for pages meanwhile

for rate in 50 200; do
  wrk --threads 1 --connections 16 --duration 20s --timeout 20s --script "$here/requests.lua" \
    "http://127.0.0.1:$port" -- user "$rate" | sed -n "s/^RESULT/$rate a second:/p"
done
awk '/^VmRSS/ {printf "resident memory: %d MB\n", $2 / 1000}' "/proc/$server/status"
