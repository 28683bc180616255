#!/usr/bin/env bash
# The classic tutorial in three commands: train on events, answer POST /recommend, fold a stream of events.
# Usage: tutorial.sh [FOLDER]; the files are written there (a new temporary folder by default).
# SOTTO names the command line, the front door by default; PORT is the server's port, 8080 by default.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sotto=${SOTTO:-$here/../../sotto}
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
url=http://127.0.0.1:${PORT:-8080}

printf '== instead of classic/train.py: sotto train\n'
"$here/../train/train.sh" "$folder" >"$folder/train.log"
"$sotto" inspect "$folder/shop.safetensors" | sed -n 1p

printf '\n== instead of classic/recommend_api.py: sotto serve\n'
"$sotto" serve --model "$folder/shop.safetensors" --data "$folder/data" --port "${PORT:-8080}" >"$folder/serve.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
curl --silent --fail --retry 100 --retry-connrefused --retry-delay 1 --output /dev/null "$url/readyz"
curl --silent --show-error --fail-with-body --json '{"input": [1, 2]}' "$url/recommend"
printf '\n'

printf '\n== instead of classic/consumer.py: sotto stream\n'
# A topic's events in a file: three users of the log, and records on which the classic consumer ends.
awk -F, 'NR > 1 && $1 ~ /^user-[123]$/ {
  printf "{\"user\":\"%s\",\"id\":\"%s\",\"at\":%s,\"event_id\":\"e%d\"}\n", $1, $2, $3, NR
}' "$folder/interactions.csv" >"$folder/events.jsonl"
{
  printf '{"user":"user-1","id":"no such item","at":1700900000}\n'
  printf 'this is no JSON\n'
  tail -n 1 "$folder/events.jsonl"  # sent twice
} >"$folder/more.jsonl"
cat "$folder/more.jsonl" >>"$folder/events.jsonl"
"$sotto" stream --replay "$folder/events.jsonl" --model "$folder/shop.safetensors" --top 3 \
  --dead-letter "$folder/dead_letters.jsonl"
printf '\nset aside:\n'
cat "$folder/dead_letters.jsonl"

# The server reaches the same state from the same events.
grep '"user":"user-1"' "$folder/events.jsonl" | grep -v 'no such item' | sed 's/,"event_id":"e[0-9]*"//' |
  while read -r event; do
    curl --silent --show-error --fail-with-body --output /dev/null --json "$event" "$url/v1/events"
  done
printf '\n%s events of user-1 on the server, and their state:\n' \
  "$(curl --silent --fail --json '{"user": "user-1", "events": []}' "$url/v1/events" | sed 's/.*"events":\([0-9]*\).*/\1/')"
curl --silent --fail "$url/v1/users/user-1/state" | cksum | sed 's/^/checksum and bytes: /'
