# shellcheck shell=bash
# From a checkout to what can be run.

# set_up GROUP... installs what the groups need: native, server, tests, server-tests, wasm, node, browser, java, python,
# reference.
set_up() {
  install_system_packages "$@"
  local group
  for group in "$@"; do
    case $group in
      tests) setup_catch2 ;;
      wasm) setup_emscripten ;;
      node) setup_node_modules ;;
      browser) require_chromium ;;
      python) setup_python_environment ;;
    esac
  done
}

# build/python/venv has what the Python package is built and tested with.
setup_python_environment() {
  local hash
  hash=$({
    python3 --version
    cat "$TOP/bindings/python/requirements.txt"
  } | hash_of)
  [[ -x $TOP/build/python/venv/bin/python ]] && stamp_is_current python "$hash" && return
  step "Python packages" install_python_packages
  write_stamp python "$hash"
}

install_python_packages() {
  python3 -m venv --clear "$TOP/build/python/venv"
  "$TOP/build/python/venv/bin/pip" install --disable-pip-version-check --progress-bar off \
    -r "$TOP/bindings/python/requirements.txt"
}

setup_node_modules() {
  [[ -f $TOP/package-lock.json ]] || return 0
  local hash
  hash=$({
    node --version
    cat "$TOP/package-lock.json"
  } | hash_of)
  [[ -d $TOP/node_modules ]] && stamp_is_current node_modules "$hash" && return
  step "npm packages" npm_ci
  write_stamp node_modules "$hash"
}

npm_ci() {
  cd "$TOP" || exit
  npm ci --no-progress
}

# One build at a time per checkout: two of them in one build folder spoil each other's files.
lock_builds() {
  mkdir -p "$TOP/build"
  exec {BUILD_LOCK}>"$TOP/build/lock"
  flock "$BUILD_LOCK"
}

unlock_builds() {
  exec {BUILD_LOCK}>&-
}

configure() { # PRESET [CMAKE ARGUMENT...]
  cd "$TOP" || exit
  cmake --preset "$@"
}

build() { # PRESET [CMAKE ARGUMENT...]
  cd "$TOP" || exit
  cmake --build --preset "$@"
}

# build_all CMAKE-ARGUMENT...: the native release build with these arguments, and the page.
build_all() {
  lock_builds
  step "native: configure" configure release "$@"
  step "native: build" build release
  unlock_builds
  build_page
}

# The WebAssembly modules, the npm package and the demo page.
build_page() {
  lock_builds
  step "WebAssembly: configure" configure wasm
  step "WebAssembly: build" build wasm
  build_web
  unlock_builds
}

# The npm package and the demo page; npm itself cannot tell whether they are up to date.
build_web() {
  local hash
  hash=$(web_sources | hash_of)
  [[ -d $TOP/wasm/package/dist && -d $TOP/web-demo/dist ]] && stamp_is_current web "$hash" && return
  step "npm package: build" npm_build wasm/package
  step "demo page: build" npm_build web-demo
  write_stamp web "$hash"
}

web_sources() {
  local path
  cd "$TOP" || exit
  for path in wasm/package web-demo models docs README.md ARCHITECTURE.md package-lock.json build/wasm/bin; do
    if [[ -e $path ]]; then
      find "$path" \( -name node_modules -o -name dist \) -prune -o -type f -print0
    fi
  done | sort -z | xargs -0 sha256sum
}

npm_build() { # WORKSPACE
  cd "$TOP" || exit
  npm run build --workspace "$1"
}

# Builds the command line if it is missing or older than its sources. Standard output belongs to the
# command that follows, so that everything said here goes to standard error.
ensure_command_line() {
  local folder=$TOP/build/release
  if [[ ! -f $folder/build.ninja ]]; then
    set_up native >&2
    lock_builds
    step "native: configure" configure release -DSOTTO_BUILD_TESTS=OFF
    unlock_builds
  fi
  lock_builds
  ninja -C "$folder" sotto_cli |
    sed -u -e '/Re-checking globbed/d' -e '/no work to do/d' -e '/Entering directory/d' >&2 ||
    fail "the command line could not be built; the compiler's words are above."
  unlock_builds
}

# The same with `sotto serve`, which needs more of the system's packages.
ensure_server() {
  if ! grep -q '^SOTTO_BUILD_SERVER:BOOL=ON' "$TOP/build/release/CMakeCache.txt" 2>/dev/null; then
    set_up native server >&2
    lock_builds
    step "native: configure" configure release -DSOTTO_BUILD_SERVER=ON -DSOTTO_BUILD_TESTS=OFF
    unlock_builds
  fi
  ensure_command_line
}

# Builds the worker on Kafka and the native library in it, if they are missing or older than their sources. Maven
# downloads what the worker needs (docs/dependencies.md) at the first call.
ensure_stream() {
  if ! grep -q '^SOTTO_BUILD_JAVA:BOOL=ON' "$TOP/build/release/CMakeCache.txt" 2>/dev/null; then
    set_up native java >&2
    lock_builds
    step "native: configure" configure release -DSOTTO_BUILD_JAVA=ON
    unlock_builds
  fi
  lock_builds
  ninja -C "$TOP/build/release" sotto_jni |
    sed -u -e '/Re-checking globbed/d' -e '/no work to do/d' -e '/Entering directory/d' >&2 ||
    fail "the native library for Java could not be built; the compiler's words are above."
  local hash
  hash=$(stream_sources | hash_of)
  if [[ ! -d $TOP/build/java/kafka-streams/lib ]] || ! stamp_is_current stream "$hash"; then
    step "worker: build" maven_package >&2
    write_stamp stream "$hash"
  fi
  unlock_builds
}

stream_sources() {
  cd "$TOP" || exit
  find bindings/java build/release/java -type f -print0 | sort -z | xargs -0 sha256sum
}

maven_package() {
  mvn -f "$TOP/bindings/java/pom.xml" --batch-mode --no-transfer-progress --quiet -DskipTests -Dmaven.javadoc.skip \
    -Dmaven.source.skip --projects kafka-streams --also-make package
}

stream_class_path() {
  local folder=$TOP/build/java/kafka-streams jar
  for jar in "$folder"/sotto-kafka-streams-*.jar; do
    [[ $jar == *-sources.jar || $jar == *-javadoc.jar ]] || printf '%s:%s/lib/*' "$jar" "$folder"
  done
}

port_is_taken() {
  local host
  for host in 127.0.0.1 ::1; do
    if (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; then
      return 0
    fi
  done
  return 1
}

free_port() { # FIRST
  local port
  for ((port = $1; port < $1 + 100; ++port)); do
    if ! port_is_taken "$port"; then
      printf '%s\n' "$port"
      return
    fi
  done
  fail "no free port from $1 to $((port - 1)); choose one with --port N."
}

serve_demo() { # PORT
  local port=$1 server tries
  port_is_taken "$port" && fail "port $port is taken; choose another with --port N."
  mkdir -p "$TOP/build/log"
  # In a process group of its own, so that npm, its shell and the server can be ended together.
  cd "$TOP" || exit
  setsid npm run --workspace web-demo serve -- --port "$port" --strictPort \
    </dev/null >"$TOP/build/log/demo-server.log" 2>&1 &
  server=$!
  # shellcheck disable=SC2064 # the server's number is known now
  trap "kill -TERM -- -$server 2>/dev/null || true; say; say 'The demo has ended.'; exit 0" INT TERM

  for ((tries = 0; tries < 300; ++tries)); do
    if port_is_taken "$port"; then
      say
      say "The demo is at http://localhost:$port/ (Ctrl-C ends it)."
      wait "$server" || true
      fail "the demo's server stopped; what it said is in build/log/demo-server.log."
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  kill -TERM -- "-$server" 2>/dev/null || true
  tail -n 20 "$TOP/build/log/demo-server.log" >&2
  fail "the demo's server did not start."
}
