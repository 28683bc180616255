#!/usr/bin/env bash
# stop_postgres.sh LINK ends what start_postgres.sh started, and removes it.
set -euo pipefail
link=$1
[[ -L $link ]] || exit 0
folder=$(readlink -f "$link") || true
rm -f "$link"
[[ -n $folder && -d $folder/data ]] || exit 0
pid=$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null || true)
if [[ -n $pid ]]; then
  kill -INT "$pid" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
fi
rm -rf "$folder"
