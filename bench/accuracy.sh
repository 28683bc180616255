#!/usr/bin/env bash
# Trains with the defaults on every log of a folder and evaluates in the same run: how far is the model ahead of the
# best baseline, what are the LSTM and the counts worth alone, and what does the fixed point cost? NDCG@10, as the mean
# and the standard deviation over the seeds; HR@10 of the shipped model.
#
#   bench/accuracy.sh DATA_FOLDER [OUT_FOLDER [SEEDS [LOG...]]]
#
# DATA_FOLDER has a folder for each log with interactions.csv.gz and, where its items have titles, items.csv.gz. Models and
# reports (JSON) go to OUT_FOLDER, by default build/accuracy; what is there is not made again. SEEDS is a number, 3 by
# default. LOG names folders, all by default. Minutes per log and seed. TRAIN_OPTIONS has further options of training.
#
# Ends with 1 where a goal is missed: on every log the mean is at least 5 % ahead of the best baseline, no seed is below it,
# and amazon-beauty-2014 has at least 0.066.
set -euo pipefail

[[ $# -ge 1 ]] || { sed -n '2,15s/^# \{0,1\}//p' "$0" >&2; exit 2; }
data=$(realpath "$1")
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
out=$(realpath -m "${2:-$top/build/accuracy}")
seeds=${3:-3}
logs=("${@:4}")
((${#logs[@]})) || for folder in "$data"/*/; do logs+=("$(basename "$folder")"); done
mkdir -p "$out"
read -ra further <<<"${TRAIN_OPTIONS:-}"
missed=0

printf '%-20s %8s %7s %7s %7s %16s %16s %-16s %7s %10s\n' \
  log users lstm counts float fixed HR@10 baseline ahead 'fixed loss'
for name in "${logs[@]}"; do
  log=$data/$name/interactions.csv.gz
  [[ -f $log ]] || { echo "$name: no interactions.csv.gz, left out" >&2; continue; }
  items=()
  [[ -f $data/$name/items.csv.gz ]] && items=(--items "$data/$name/items.csv.gz")
  reports=()
  for ((seed = 1; seed <= seeds; ++seed)); do
    model=$out/$name.$seed.safetensors
    reports+=("$out/$name.$seed.evaluate.json")
    [[ -s ${reports[-1]} ]] && continue
    "$top/sotto" train --interactions "$log" "${items[@]}" --out "$model" --seed "$seed" "${further[@]}" --json \
      >"$out/$name.$seed.train.json"
    "$top/sotto" evaluate --model "$model" --interactions "$log" --json >"$out/$name.$seed.part"
    mv "$out/$name.$seed.part" "${reports[-1]}"
  done
  python3 - "$name" "${reports[@]}" <<'PYTHON' || missed=1
import json, statistics, sys
name, reports = sys.argv[1], [json.load(open(file)) for file in sys.argv[2:]]
own = ("float", "fixed", "lstm", "counts")
def of(arm, metric="ndcg@10"):
    return [report["arms"][arm][metric] for report in reports]
def spread(values):
    return f"{statistics.mean(values):.4f} ± {statistics.stdev(values) if len(values) > 1 else 0:.4f}"
mean = {arm: statistics.mean(of(arm)) for arm in reports[0]["arms"]}
baseline = max((arm for arm in mean if arm not in own), key=mean.get)
part = lambda arm: f"{mean[arm]:7.4f}" if arm in mean else f"{'':7}"
print(f"{name:20} {reports[0]['users']:8} {part('lstm')} {part('counts')} {part('float')} {spread(of('fixed')):>16} "
      f"{spread(of('fixed', 'hr@10')):>16} {mean[baseline]:.4f} {baseline:16} "
      f"{mean['fixed'] / mean[baseline] - 1:+7.1%} {1 - mean['fixed'] / mean['float']:+10.2%}", flush=True)
floor = {"amazon-beauty-2014": 0.066}.get(name, 0)
goal = max(1.05 * mean[baseline], floor)
if mean["fixed"] < goal:
    sys.exit(f"{name}: the goal is {goal:.4f}, and {mean['fixed']:.4f} was reached")
for seed, (fixed, best) in enumerate(zip(of("fixed"), of(baseline)), 1):
    if fixed < best:
        sys.exit(f"{name}: seed {seed} has {fixed:.4f}, below the {best:.4f} of {baseline}")
PYTHON
done
exit $missed
