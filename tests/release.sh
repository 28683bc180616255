#!/usr/bin/env bash
# What is checked before a release, beyond .ci/run: every test under the sanitizers, and an hour of fuzzing.
#
#   tests/release.sh [FUZZ-SECONDS]      (3600 by default)
#
# Needs what .ci/run installs, and takes about two hours on two cores.
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")/.."
fuzz_seconds=${1:-3600}

.ci/run
cmake --preset sanitizers-all
cmake --build --preset sanitizers-all
# The consumers, the package and the page were tested with the release build.
ctest --preset sanitizers-all --parallel "$(nproc)" -E '^(consumer_|npm_|browser_|server_|example_|equality_)'
tests/fuzz/run.sh "$fuzz_seconds" build/sanitizers-all
