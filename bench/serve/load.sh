#!/usr/bin/env bash
# How much does the server bear on this machine? A load generator (wrk) and the server share its processors.
#
#   cmake --preset release -DSOTTO_BUILD_SERVER=ON -DSOTTO_BUILD_BENCH=ON
#   ninja -C build/release sotto_cli sotto_bench_classic_model sotto_bench_http_only
#   bench/serve/load.sh [--seconds N] [--postgres URL] [--flask PYTHON] [--memory-seconds N] [--json]
#
# Rows: HTTP alone; /v1/recommend with 50 random events in the body; the tutorial's /recommend; single events of 100,000
# users in SQLite, and with --postgres in an empty PostgreSQL database. Each first as fast as it goes, then at 80 % of that
# rate, for which p99 counts. With --memory-seconds both kinds run together at half their rates, and the resident memory is
# written down. With --flask, a Python that has flask/requirements.txt, the same request goes to Flask and Keras in the
# same run.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
build=${SOTTO_BUILD:-$here/../../build/release}
sotto=${SOTTO:-$build/bin/sotto}
seconds=20
memory_seconds=0
postgres=
python=
as_json=no
while (($#)); do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --memory-seconds) memory_seconds=$2; shift 2 ;;
    --postgres) postgres=$2; shift 2 ;;
    --flask) python=$(readlink -f "$(dirname "$2")")/$(basename "$2"); shift 2 ;;
    --json) as_json=yes; shift ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
command -v wrk >/dev/null || { echo 'load.sh: wrk is not installed' >&2; exit 1; }

work=$(mktemp -d)
rows=$work/rows
server=
stop_server() {
  [[ -z $server ]] && return
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
trap 'stop_server; rm -rf "$work"' EXIT

# start URL COMMAND…: starts a server and waits until the URL answers.
start() {
  local url=$1
  "${@:2}" >"$work/server.log" 2>&1 &
  server=$!
  for _ in $(seq 1200); do
    curl --silent --fail --output /dev/null "$url" && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "load.sh: the server did not start:" >&2
  tail -n 20 "$work/server.log" >&2
  exit 1
}

# The server and its children.
processes() { echo "$server"; pgrep --parent "$server" || true; }

resident_mb() {
  local process
  for process in $(processes); do cat "/proc/$process/status"; done 2>/dev/null |
    awk '/^VmRSS/ {sum += $2} END {printf "%d", sum / 1000}'
}

cpu_ticks() {
  local process
  for process in $(processes); do cat "/proc/$process/stat"; done 2>/dev/null | awk '{sum += $14 + $15} END {print sum}'
}

# run NAME KIND CONNECTIONS PORT SECONDS [RATE]: one row.
run() {
  local cpu_before cpu_after result
  cpu_before=$(cpu_ticks)
  result=$(wrk --threads 1 --connections "$3" --duration "$5" --timeout 20s --script "$here/requests.lua" \
    "http://127.0.0.1:$4" -- "$2" "${6:-}" | sed -n 's/^RESULT //p')
  cpu_after=$(cpu_ticks)
  printf '{"name": "%s", "kind": "%s", "asked_rate": %s, "cpu_seconds": %s, "memory_mb": %s, "result": %s}\n' \
    "$1" "$2" "${6:-null}" "$(awk "BEGIN {print ($cpu_after - $cpu_before) / $(getconf CLK_TCK)}")" "$(resident_mb)" \
    "$result" | tee -a "$rows" >&2
}

share_of_last() { # SHARE: of the latest row's rate
  tail -n 1 "$rows" | sed 's/.*"rate": \([0-9.]*\).*/\1/' | awk "{print \$1 * $1}"
}

# measure NAME KIND CONNECTIONS PORT: as fast as it goes, then at 80 %.
measure() {
  run "$1" "$2" "$3" "$4" "$seconds"
  run "$1, 80 %" "$2" "$3" "$4" "$seconds" "$(share_of_last 0.8)"
}

serve() { # OPTION…
  start http://127.0.0.1:18080/readyz "$sotto" serve --model "$work/classic.safetensors" --port 18080 --quiet "$@"
}

"$build/bench/classic_model" "$work/classic.safetensors"

start http://127.0.0.1:18090/ "$build/bench/http_only" 18090 1
measure 'HTTP alone' trivial 64 18090
stop_server

serve --data "$work/sqlite"
measure 'recommend, 50 events' recommend 64 18080
measure "the tutorial's call" tutorial 64 18080
measure 'events, SQLite' event 64 18080
if ((memory_seconds > 0)); then
  recommend_rate=$(grep '"name": "recommend, 50 events"' "$rows" | sed 's/.*"rate": \([0-9.]*\).*/\1/' | awk '{print $1 / 2}')
  event_rate=$(grep '"name": "events, SQLite"' "$rows" | sed 's/.*"rate": \([0-9.]*\).*/\1/' | awk '{print $1 / 2}')
  run 'both at half, recommend' recommend 32 18080 "$memory_seconds" "$recommend_rate" &
  one=$!
  run 'both at half, events' event 32 18080 "$memory_seconds" "$event_rate" &
  two=$!
  for ((second = 0; second < memory_seconds; second += 10)); do
    printf '{"name": "memory", "second": %d, "memory_mb": %s}\n' "$second" "$(resident_mb)" >>"$rows"
    sleep 10
  done
  wait "$one" "$two"
fi
stop_server

if [[ -n $postgres ]]; then
  serve --data "$work/postgres" --postgres "$postgres"
  measure 'events, PostgreSQL' event 64 18080
  stop_server
fi

if [[ -n $python ]]; then
  cd "$here/flask"
  for call in function predict; do
    start http://127.0.0.1:18091/healthz env KERAS_CALL=$call "$python" -m gunicorn --workers 2 \
      --bind 127.0.0.1:18091 server:app
    run "Flask, gunicorn, Keras $call" tutorial 8 18091 "$seconds"
    stop_server
  done
fi

python3 - "$rows" "$as_json" <<'PYTHON'
import json, os, sys

rows = [json.loads(line) for line in open(sys.argv[1])]
if sys.argv[2] == "yes":
    print(json.dumps({"processors": os.cpu_count(), "load": os.getloadavg(), "rows": rows}, indent=1))
    sys.exit()
print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end\n")
print(f"{'':28} {'asked/s':>8} {'done/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7} {'CPU µs':>7} {'MB':>6}")
for row in rows:
    if "result" not in row:
        continue
    result = row["result"]
    cpu = row["cpu_seconds"] / max(result["requests"], 1) * 1e6
    asked = "" if row["asked_rate"] is None else f"{row['asked_rate']:.0f}"
    print(f"{row['name']:28} {asked:>8} {result['rate']:8.1f} {result['p50_ms']:8.2f} {result['p99_ms']:8.2f} "
          f"{result['errors']:7} {cpu:7.0f} {row['memory_mb']:6}")
memory = [row["memory_mb"] for row in rows if "second" in row]
if memory:
    print(f"\nmemory while both ran, MB every 10 s: {' '.join(map(str, memory))}")
rate = {row["name"]: row["result"]["rate"] for row in rows if "result" in row}
for name in rate:
    if name.startswith("Flask"):
        ratio = rate["the tutorial's call"] / rate[name]
        print(f"\nthe tutorial's call: {ratio:.0f} × {name}")
PYTHON
