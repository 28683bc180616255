#!/usr/bin/env bash
# What is checked before a release, beyond .ci/run: every test under the sanitizers, a whole server under them, the wheel
# of the Python package, and an hour of fuzzing.
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
# The server as one program, with real clients. What is left out either measures time or needs a library of its own in
# the process.
(
  cd tests/server
  SOTTO_CLI=$PWD/../../build/sanitizers-all/bin/sotto node --test --test-concurrency=2 \
    classic.test.mjs events.test.mjs every_status.test.mjs forget.test.mjs hostile_clients.test.mjs keys.test.mjs \
    models.test.mjs operation.test.mjs page_backup.test.mjs recommend.test.mjs same_bytes.test.mjs states.test.mjs
)
# What pip makes of a checkout, from nothing, as a wheel for other systems.
bindings/python/check_wheel.sh build/python/wheel
# The Java library's memory over a million events.
mvn -B -q -f bindings/java/pom.xml -pl sotto -Dtest=MemoryTest -Dsotto.test.leak.events=1000000 test
tests/fuzz/run.sh "$fuzz_seconds" build/sanitizers-all
