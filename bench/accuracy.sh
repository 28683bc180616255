#!/usr/bin/env bash
# Trains with the defaults on every log of a folder and evaluates in the same run: how far is the model ahead of the
# best baseline, what are the LSTM and the count expert worth alone, and what does the fixed point cost? NDCG@10.
#
#   bench/accuracy.sh DATA_FOLDER [OUT_FOLDER]
#
# DATA_FOLDER has a folder for each log with interactions.csv.gz. Models and reports (JSON) go to OUT_FOLDER, by default
# build/accuracy. Minutes per log.
set -euo pipefail

[[ $# -ge 1 ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
data=$(realpath "$1")
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
out=$(realpath -m "${2:-$top/build/accuracy}")
mkdir -p "$out"

printf '%-24s %8s %9s %9s %9s %9s %9s %-15s %8s %10s\n' \
  log users lstm counts float fixed baseline '(which)' ahead 'fixed loss'
for folder in "$data"/*/; do
  log=$folder/interactions.csv.gz
  name=$(basename "$folder")
  [[ -f $log ]] || { echo "$name: no interactions.csv.gz, left out" >&2; continue; }
  model=$out/$name.safetensors
  "$top/sotto" train --interactions "$log" --out "$model" --json >"$out/$name.train.json"
  "$top/sotto" evaluate --model "$model" --interactions "$log" --json >"$out/$name.evaluate.json"
  python3 - "$name" "$out/$name.evaluate.json" <<'PYTHON'
import json, sys
name, report = sys.argv[1], json.load(open(sys.argv[2]))
ndcg = {arm: values["ndcg@10"] for arm, values in report["arms"].items()}
own = ("float", "fixed", "lstm", "counts")
baseline = max((arm for arm in ndcg if arm not in own), key=ndcg.get)
print(f"{name:24} {report['users']:8} {ndcg['lstm']:9.4f} {ndcg['counts']:9.4f} {ndcg['float']:9.4f} "
      f"{ndcg['fixed']:9.4f} {ndcg[baseline]:9.4f} {baseline:15} "
      f"{ndcg['fixed'] / ndcg[baseline] - 1:+8.1%} {1 - ndcg['fixed'] / ndcg['float']:+10.2%}")
PYTHON
done
