#!/usr/bin/env bash
# What a newcomer waits for: a fresh clone of this checkout's HEAD, until ./sotto demo serves the first page, and until
# ./sotto test has ended.
#
#   bench/first_minute.sh [--demo-only] [--json FILE] [COMMIT]
#
# Prints the seconds, the processor seconds (user and system) and the megabytes that all network interfaces but loopback
# received, for each command and for each of its steps. System packages that are installed already cost nothing: a fresh
# container or machine gives the whole figure. ccache is switched off. COMMIT is HEAD by default; commits before
# build/log/steps.tsv was written have no steps.
set -euo pipefail

demo_only=no
json=
commit=HEAD
while (($#)); do
  case $1 in
    --demo-only) demo_only=yes ;;
    --json) json=${2:?--json needs a file}; shift ;;
    -*) echo "first_minute.sh: unknown option $1; see the head of the script" >&2; exit 2 ;;
    *) commit=$1 ;;
  esac
  shift
done

top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
revision=$(git -C "$top" rev-parse --verify --quiet "$commit^{commit}") || {
  echo "first_minute.sh: there is no commit '$commit'" >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet "$top" "$work/sotto"
git -C "$work/sotto" checkout --quiet "$revision"
cd "$work/sotto"
export CCACHE_DISABLE=1

received_bytes() { awk -F '[: ]+' 'NR > 2 && $2 != "lo" { total += $3 } END { printf "%d", total }' /proc/net/dev; }

# Sums user and system seconds of everything this shell has waited for.
processor_seconds() {
  times >"$work/times"
  awk 'NR == 2 { for (i = 1; i <= 2; ++i) { split($i, part, /[ms]/); total += 60 * part[1] + part[2] } printf "%.1f", total }' \
    "$work/times"
}

rows=()
add_row() { # COMMAND STEP SECONDS PROCESSOR-SECONDS MEGABYTES
  rows+=("$1"$'\t'"$2"$'\t'"$3"$'\t'"$4"$'\t'"$5")
}

add_steps() { # COMMAND
  [[ -f build/log/steps.tsv ]] || return 0
  local title wall processor
  while IFS=$'\t' read -r title wall processor; do add_row "$1" "$title" "$wall" "$processor" ''; done <build/log/steps.tsv
  rm build/log/steps.tsv
}

# Runs a command until it ends, or until its log has the line that is waited for.
measure() { # NAME WAIT-FOR COMMAND...
  local name=$1 wait_for=$2 started=$SECONDS bytes status=0 process
  shift 2
  bytes=$(received_bytes)
  processor_seconds >"$work/before"
  "$@" >"$work/log" 2>&1 </dev/null &
  process=$!
  while kill -0 "$process" 2>/dev/null; do
    if [[ -n $wait_for ]] && grep -q "$wait_for" "$work/log"; then
      kill -TERM "$process"
      break
    fi
    sleep 0.2
  done
  local seconds=$((SECONDS - started))
  wait "$process" || status=$?
  if ((status != 0)); then
    echo "first_minute.sh: $name failed with status $status; the end of what it printed:" >&2
    tail -n 40 "$work/log" >&2
    exit 1
  fi
  processor_seconds >"$work/after"
  add_row "$name" "in all" "$seconds" "$(awk -v a="$(<"$work/before")" -v b="$(<"$work/after")" 'BEGIN { printf "%.1f", b - a }')" \
    "$(awk -v a="$bytes" -v b="$(received_bytes)" 'BEGIN { printf "%.0f", (b - a) / 1e6 }')"
  add_steps "$name"
}

measure "./sotto demo" 'The demo is at' ./sotto demo --yes
[[ $demo_only == yes ]] || measure "./sotto test" '' ./sotto test --yes

printf '%-14s %-58s %9s %14s %8s\n' command step seconds 'processor s' MB
for row in "${rows[@]}"; do
  IFS=$'\t' read -r name step seconds processor megabytes <<<"$row"
  printf '%-14s %-58s %9s %14s %8s\n' "$name" "$step" "$seconds" "$processor" "$megabytes"
done
if [[ -n $json ]]; then
  printf '%s\n' "${rows[@]}" | python3 -c '
import json, sys
names = ["command", "step", "seconds", "processor_seconds", "megabytes"]
rows = [dict(zip(names, line.rstrip("\n").split("\t"))) for line in sys.stdin]
for row in rows:
    for name in names[2:]:
        row[name] = float(row[name]) if row[name] else None
json.dump({"commit": sys.argv[1], "rows": rows}, sys.stdout, indent=2)' "$revision" >"$json"
fi
