#!/usr/bin/env bash
# How fast is one worker of the stream with a broker on the same machine? Events per second of a backlog, with a top 10
# at each event and with lists when asked for; CPU of worker and broker, and the broker's bytes, for each event; the
# fold's own CPU; latency at 300 events a second. bench/README.md has figures.
# Usage: run.sh [EVENTS [THREADS [MEASUREMENT...]]]; needs the target sotto_jni (docs/java.md). The measurements are
# theFoldAlone, backlogWithListsAtEachEvent, backlogWithListsWhenAskedFor and latency.
# The events are those of movielens-1m in $SOTTO_DATA_DIR, whose items stand for the shipped model's. Without that log they
# are generated.
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")/../../bindings/java"
events=${1:-300000}
threads=${2:-2}
measurements=("${@:3}")
((${#measurements[@]})) ||
  measurements=(theFoldAlone backlogWithListsAtEachEvent backlogWithListsWhenAskedFor latency)
log=${SOTTO_DATA_DIR:-}/movielens-1m/interactions.csv.gz
[[ -f $log ]] || log=
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for measurement in "${measurements[@]}"; do
  mvn --batch-mode --no-transfer-progress --quiet --projects kafka-streams --also-make \
    "-Dtest=StreamBench#$measurement" -Dsurefire.failIfNoSpecifiedTests=false -Dsotto.test.tier=4 \
    -Dsotto.test.heap=1g "-Dsotto.bench.events=$events" "-Dsotto.bench.threads=$threads" "-Dsotto.bench.log=$log" test |
    tee -a "$said"
done
# What a worker costs beside the fold alone, where both were measured.
awk '
  /^fold alone, / { split($0, part, ": "); sub(/^fold alone, /, "", part[1]); fold[part[1]] = part[2] + 0 }
  / CPU an event: worker / {
    split($0, name, ", "); cpu = $0; sub(/.*: worker /, "", cpu)
    if (fold[name[1]]) printf "%s: a worker takes %.2f times the CPU of the fold alone\n", name[1], cpu / fold[name[1]]
  }
' "$said"
