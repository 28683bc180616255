#!/usr/bin/env bash
# What `./sotto demo --sync` starts once everything is built, with smaller batches: sync_demo.sh COMMAND-LINE PORT.
set -euo pipefail
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
COMMAND_LINE=$1
# shellcheck source=cmake/setup/common.sh
source "$TOP/cmake/setup/common.sh"
# shellcheck source=cmake/setup/build.sh
source "$TOP/cmake/setup/build.sh"
# shellcheck source=cmake/setup/sync_demo.sh
source "$TOP/cmake/setup/sync_demo.sh"
SYNC_DEMO_REPORTS=150
SYNC_DEMO_NOISE=1
serve_sync_demo "$2"
