#!/usr/bin/env bash
# Runs the constant-time check under valgrind, and its negative control.
#
#   tests/privacy/constant_time/run.sh CONSTANT_TIME_CHECK
#
# Exits with 77 where valgrind is not installed.
set -euo pipefail

check=$1
if ! command -v valgrind > /dev/null; then
  echo "skipped: valgrind is not installed"
  exit 77
fi
run() { valgrind --quiet --error-exitcode=9 --track-origins=yes "$check" "$1"; }

echo "secrets that must not steer anything:"
run honest
echo "nothing reported"
echo "the negative control:"
status=0
run leaky || status=$?
if [[ $status -ne 9 ]]; then
  echo "memcheck did not report the leaky function: exit code $status"
  exit 1
fi
echo "reported, as it must be"
