#!/usr/bin/env bash
# How sequential is a log, and how much of that does the model use? Trains with the defaults and evaluates on the log and
# on a copy whose items are shuffled inside each session: NDCG@10 of the model and of the best baseline on both, and the
# drop. The held-out events are the copy's own: they are shuffled too.
#
#   bench/shuffled.sh LOG [GAP [SEED]]
#
# LOG: a CSV, plain or gzip, with user_id, item_id and timestamp. A session ends where its user does nothing for more
# than GAP seconds, 3600 by default; 0: a session is a basket, the events of one timestamp. SEED: of the shuffling, 1 by
# default. Twice the minutes that `sotto train` takes. Models and reports (JSON) go to SHUFFLED_OUT, by default
# build/shuffled; what was measured before and lies there is not measured again.
set -euo pipefail

[[ $# -ge 1 ]] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
log=$(realpath "$1")
gap=${2:-3600}
seed=${3:-1}
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
sotto=${SOTTO_CLI:-$top/sotto}
out=$(realpath -m "${SHUFFLED_OUT:-$top/build/shuffled}")
name=$(basename "$(dirname "$log")")
mkdir -p "$out"

measure() { # LABEL LOG
  [[ -f $out/$1.json ]] && return
  "$sotto" train --interactions "$2" --out "$out/$1.safetensors" --json >"$out/$1.train.json"
  "$sotto" evaluate --model "$out/$1.safetensors" --interactions "$2" --json >"$out/$1.json.part"
  mv "$out/$1.json.part" "$out/$1.json"
}

copy=$out/$name.gap$gap.seed$seed
python3 "$top/bench/shuffle_sessions.py" "$log" "$gap" "$seed" >"$copy.csv"
measure "$name" "$log"
measure "$(basename "$copy")" "$copy.csv"
rm "$copy.csv"

python3 - "$name, gap $gap s" "$out/$name.json" "$copy.json" <<'PYTHON'
import json, sys
label, *files = sys.argv[1:]
columns = []
for file in files:
    with open(file, encoding="utf-8") as opened:
        report = json.load(opened)
    best = report["best_baseline"]
    ndcg = {arm: values["ndcg@10"] for arm, values in report["arms"].items()}
    columns.append({"model": (ndcg["fixed"], ""), "its LSTM": (ndcg["lstm"], ""), "best baseline": (ndcg[best], best)})
print(f"{label:32} {'as it is':>9} {'shuffled':>9} {'drop':>8}")
as_it_is, shuffled = columns
for arm, (before, which) in as_it_is.items():
    after, which_after = shuffled[arm]
    of_which = which if which == which_after else f"{which}, {which_after}"
    print(f"  {arm:30} {before:9.4f} {after:9.4f} {1 - after / before:8.1%}  {of_which}")
PYTHON
