#!/usr/bin/env bash
# From a log to an answer over HTTP: trains on a small log, starts the server, and asks it with curl.
# Usage: serve.sh [FOLDER]; the files are written there (a new temporary folder by default).
# SOTTO names the command line, the front door by default; PORT is the server's port, 8080 by default.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sotto=${SOTTO:-$here/../../sotto}
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
url=http://127.0.0.1:${PORT:-8080}

printf '== train: the log and the model of examples/train\n'
"$here/../train/train.sh" "$folder" >"$folder/train.log"

printf '\n== serve: on this machine only, with its data in %s\n' "$folder/data"
"$sotto" serve --model "$folder/shop.safetensors" --data "$folder/data" --port "${PORT:-8080}" >"$folder/serve.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
curl --silent --fail --retry 100 --retry-connrefused --retry-delay 1 --output /dev/null "$url/readyz"

ask() { # PATH BODY [CURL ARGUMENTS…]
  printf '\n> POST %s %s\n' "$1" "$2"
  curl --silent --show-error --fail-with-body --json "$2" "${@:3}" "$url$1"
  printf '\n'
}

printf '\n== what fits a visitor who looked at two things\n'
ask /v1/recommend '{"events": ["tea-1", "tea-2"], "k": 3}'

printf '\n== what a user did is kept, once, however often it is sent\n'
ask /v1/events '{"user": "ada", "events": ["wool-1", "wool-4"]}' --header 'Idempotency-Key: visit-17'
ask /v1/events '{"user": "ada", "events": ["wool-1", "wool-4"]}' --header 'Idempotency-Key: visit-17'
ask /v1/recommend '{"user": "ada", "k": 3, "explain": true}'

printf '\n== the call of the classic tutorial\n'
ask /recommend '{"input": [1, 2]}'

printf '\n== the user wants to be forgotten\n'
curl --silent --show-error --fail-with-body --request DELETE --write-out 'status %{http_code}\n' "$url/v1/users/ada/state"

kill "$server"
wait "$server"
printf '\nThe server has stopped. Start it again:\n  sotto serve --model %s --data %s\n' \
  "$folder/shop.safetensors" "$folder/data"
