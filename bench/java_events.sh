#!/usr/bin/env bash
# What does Java cost, beside a native program? CPU time of an event that is learned from and followed by a top 10, in
# both, in turn (bench/java_events.cpp). The hashes of all lists must be equal.
# Usage: java_events.sh [EVENTS]; needs the targets sotto_bench_java_events and sotto_jni, and the jar (docs/java.md).
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")/.."
events=${1:-4000}
model=models/online-retail/model.safetensors
jars=(build/java/sotto/sotto-[0-9]*[0-9].jar)
for _ in 1 2 3; do
  build/release/bench/java_events "$model" "$events"
  java -cp "${jars[0]}:build/java/sotto/lib/*" bench/JavaEvents.java "$model" "$events"
done
