#!/usr/bin/env bash
# start_postgres.sh LINK makes a PostgreSQL cluster and starts it. LINK becomes a symbolic link to its folder, which has
# the socket and no port. stop_postgres.sh ends it. Without PostgreSQL there is no link, and tests that need it are skipped.
#
# The cluster lies in the folder for temporary files: a socket's path must be short, and PostgreSQL does not run as root,
# whose build folder another user may be unable to enter.
set -euo pipefail
link=$1
here=$(dirname "$0")

bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1) || true
if [[ -z $bin ]] && command -v initdb >/dev/null; then bin=$(dirname "$(readlink -f "$(command -v initdb)")"); fi
if [[ -z $bin || ! -x $bin/initdb ]] || ! command -v psql >/dev/null; then
  echo "PostgreSQL is not installed: tests that need it are skipped"
  exit 0
fi

bash "$here/stop_postgres.sh" "$link"  # of a run that did not end well
folder=$(mktemp -d "${TMPDIR:-/tmp}/sotto-postgres-XXXXXX")
as_server=()
if [[ $(id -u) == 0 ]]; then
  chown postgres: "$folder"
  as_server=(runuser -u postgres --)
fi
cd /
"${as_server[@]}" "$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust --no-locale --encoding UTF8 \
  --no-instructions >/dev/null
# fsync stays on: tests end the server, and what was acknowledged must be there.
cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 200
CONF
# Its output goes to a file: ctest waits until nobody has its pipe any more.
"${as_server[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --wait start >/dev/null 2>&1 </dev/null || {
  cat "$folder/log" >&2
  exit 1
}
mkdir -p "$(dirname "$link")"
ln -sfn "$folder" "$link"
echo "PostgreSQL listens at $folder"
