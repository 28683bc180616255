#!/usr/bin/env bash
# What private sync is worth on every log of a folder: all arms of 'sotto simulate', daily and weekly rounds, three seeds
# of the noise. Prints the change of NDCG@10 against learning on the device, with 5,000 reports in a batch.
#
#   bench/simulate.sh [DATA_FOLDER] [OUT_FOLDER] [OPTION...]
#
# DATA_FOLDER has a folder for each log with interactions.csv.gz; the default is $SOTTO_DATA_DIR. Models, reports (JSON)
# and pages go to OUT_FOLDER, by default build/simulate. A model that lies there is taken; the others are trained on the
# past (--split temporal), which takes minutes to an hour. Options go to 'sotto simulate', such as --arms trend_z8.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
data=${1:-${SOTTO_DATA_DIR:-}}
[[ -n $data ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
data=$(realpath "$data")
out=$(realpath -m "${2:-$top/build/simulate}")
mkdir -p "$out"

printf '%-20s %-7s %8s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s\n' log rounds devices personal trend trend_z4 \
  trend_z8 'low' 'new' adapter fed_head central counts 'worth at'
for folder in "$data"/*/; do
  log=$folder/interactions.csv.gz
  name=$(basename "$folder")
  [[ -f $log ]] || { echo "$name: no interactions.csv.gz, left out" >&2; continue; }
  model=$out/$name.safetensors
  items=()
  [[ -f $folder/items.csv.gz ]] && items=(--items "$folder/items.csv.gz")
  [[ -f $model ]] || "$top/sotto" train --interactions "$log" "${items[@]}" --split temporal --no-final-training --out "$model" --json \
    >"$out/$name.train.json"
  "$top/sotto" simulate --model "$model" --interactions "$log" --seeds 3 --html "$out/$name.html" --json "${@:3}" \
    >"$out/$name.json"
  python3 - "$name" "$out/$name.json" <<'PYTHON'
import json, sys
name, report = sys.argv[1], json.load(open(sys.argv[2]))
for rounds, of in report["by_rounds"].items():
    arms = of["arms"]
    ahead = lambda arm: f"{arms[arm]['ahead']['percent']:+8.1f}%" if arm in arms else f"{'':9}"
    noisy = arms.get("trend_z8")
    low = f"{noisy['ahead']['interval'][0]:+8.1f}%" if noisy else f"{'':9}"
    new = noisy and noisy["new_items_ndcg@10"]
    worth = next((batch["devices"] for batch in of["by_devices"] if batch["worth_it"]), "-")
    print(f"{name:20} {rounds:7} {of['median_devices']:8} {arms['personal']['ndcg@10']:9.4f} {ahead('trend')} "
          f"{ahead('trend_z4')} {ahead('trend_z8')} {low} {'' if new is None else f'{new:.3f}':>9} {ahead('adapter')} "
          f"{ahead('federated_head')} {ahead('central')} {ahead('counts')} {worth:>9}")
PYTHON
done
