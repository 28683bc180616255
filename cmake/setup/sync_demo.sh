# shellcheck shell=bash
# ./sotto demo --sync: leader, helper and the page, as three processes of this machine that end together.

# So few reports and so little noise that a demo shows something. The real defaults are 2,000 and 8.
SYNC_DEMO_REPORTS=300
SYNC_DEMO_NOISE=2
# Pages of devices that the servers answer; web-demo/src/everybody/device_tab.ts opens no more.
SYNC_DEMO_DEVICES=24
SYNC_DEMO_MODEL=models/online-retail/model.safetensors

# Process groups that have to end with the demo.
SYNC_DEMO_GROUPS=()

end_sync_demo() {
  local group tries
  for group in "${SYNC_DEMO_GROUPS[@]}"; do
    kill -TERM -- "-$group" 2>/dev/null || true
  done
  for ((tries = 0; tries < 100; ++tries)); do
    # In a trap, a bare return would hand on the status of what was interrupted.
    any_group_lives || return 0
    sleep 0.1
  done
  for group in "${SYNC_DEMO_GROUPS[@]}"; do
    kill -KILL -- "-$group" 2>/dev/null || true
  done
}

any_group_lives() {
  local group
  for group in "${SYNC_DEMO_GROUPS[@]}"; do
    if kill -0 -- "-$group" 2>/dev/null; then
      return 0
    fi
  done
  return 1
}

# start_apart NAME COMMAND...: runs the command in a process group of its own; its words go to the demo's folder.
start_apart() {
  local log=$SYNC_DEMO_FOLDER/$1.log
  shift
  setsid "$@" </dev/null >"$log" 2>&1 &
  SYNC_DEMO_GROUPS+=("$!")
}

# await_start NAME COMMAND...: waits until the command succeeds, while the process that was started last lives.
await_start() {
  local name=$1 tries
  shift
  for ((tries = 0; tries < 300; ++tries)); do
    if "$@"; then
      return
    fi
    kill -0 "${SYNC_DEMO_GROUPS[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$SYNC_DEMO_FOLDER/$name.log" >&2
  fail "the $name did not start."
}

is_listening() { # NAME
  grep -q 'listening on' "$SYNC_DEMO_FOLDER/$1.log"
}

# The key that pages pin, as the server says it.
pinned_key() { # NAME
  sed -n 's/.*private sync: pages pin the key \([A-Za-z0-9_-]*\) .*/\1/p' "$SYNC_DEMO_FOLDER/$1.log"
}

# start_aggregator NAME PORT [ARGUMENT...]
start_aggregator() {
  local name=$1 port=$2 device
  shift 2
  local -a origins=(--origin "http://localhost:$SYNC_DEMO_PAGE_PORT" --origin "http://127.0.0.1:$SYNC_DEMO_PAGE_PORT")
  for ((device = 1; device <= SYNC_DEMO_DEVICES; ++device)); do
    origins+=(--origin "http://device-$device.localhost:$SYNC_DEMO_PAGE_PORT")
  done
  start_apart "$name" "$COMMAND_LINE" serve --role "$name" --port "$port" --data "$SYNC_DEMO_FOLDER/$name" \
    --sync-endpoint "http://127.0.0.1:$port" --sync-tasks "$SYNC_DEMO_FOLDER/tasks" \
    --sync-min-batch "$SYNC_DEMO_REPORTS" --sync-noise "$SYNC_DEMO_NOISE" "${origins[@]}" "$@"
  await_start "$name" is_listening "$name"
}

server_json() { # NAME PORT
  printf '"%s": {"url": "http://127.0.0.1:%s", "key": "%s", "database": "%s"}' "$1" "$2" "$(pinned_key "$1")" \
    "${SYNC_DEMO_FOLDER#"$TOP"/}/$1/sync-$1.db"
}

serve_sync_demo() { # PORT
  SYNC_DEMO_PAGE_PORT=$1
  local leader_port helper_port
  port_is_taken "$SYNC_DEMO_PAGE_PORT" && fail "port $SYNC_DEMO_PAGE_PORT is taken; choose another with --port N."
  leader_port=$(free_port $((SYNC_DEMO_PAGE_PORT + 1)))
  helper_port=$(free_port $((leader_port + 1)))
  # The page's port is this demo's alone, so its folder is, too. What the last demo left is removed.
  SYNC_DEMO_FOLDER=$TOP/build/sync-demo-$SYNC_DEMO_PAGE_PORT
  rm -rf "$SYNC_DEMO_FOLDER"
  mkdir -p "$SYNC_DEMO_FOLDER"/{leader,helper,tasks,page}
  cd "$TOP" || exit
  trap end_sync_demo EXIT
  trap 'end_sync_demo; SYNC_DEMO_GROUPS=(); say; say "Leader, helper and page have ended."; exit 0' INT TERM HUP

  (umask 077 && "$COMMAND_LINE" serve --make-key page:admin --data "$SYNC_DEMO_FOLDER/leader" |
    sed -n '1s/[[:space:]]*$//p' | tr -d '\n' >"$SYNC_DEMO_FOLDER/page/operator_key") ||
    fail "the operator's key could not be made."
  start_aggregator leader "$leader_port" --model "$SYNC_DEMO_MODEL" --sync-helper "http://127.0.0.1:$helper_port" \
    --sync-job-reports 25 --single-operator --sync-words "A demo on one computer: one person runs both servers."
  start_aggregator helper "$helper_port"
  printf '{%s, %s}\n' "$(server_json leader "$leader_port")" "$(server_json helper "$helper_port")" \
    >"$SYNC_DEMO_FOLDER/page/servers.json"
  start_apart page env SOTTO_DEMO_SYNC="$SYNC_DEMO_FOLDER/page" \
    npm run --workspace web-demo serve -- --port "$SYNC_DEMO_PAGE_PORT" --strictPort
  await_start page port_is_taken "$SYNC_DEMO_PAGE_PORT"

  say
  say "Single operator: you run both servers of this demo. On the web, two operators would."
  say "  leader  http://127.0.0.1:$leader_port/  keeps ${SYNC_DEMO_FOLDER#"$TOP"/}/leader"
  say "  helper  http://127.0.0.1:$helper_port/  keeps ${SYNC_DEMO_FOLDER#"$TOP"/}/helper"
  say "A batch has $SYNC_DEMO_REPORTS reports and little noise, so that a demo shows something; the defaults are 2,000 and 8."
  say
  say "The demo is at http://localhost:$SYNC_DEMO_PAGE_PORT/sync.html (Ctrl-C ends it)."
  wait -n "${SYNC_DEMO_GROUPS[@]}" || true
  fail "a part of the demo stopped; what each said is in ${SYNC_DEMO_FOLDER#"$TOP"/}/*.log."
}
