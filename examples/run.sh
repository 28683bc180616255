#!/usr/bin/env bash
# Builds and runs one example as its reader would, from a copy outside the source tree, and checks what it prints.
# Usage: run.sh NAME WORKDIR, where NAME is a folder beside this script. WORKDIR is emptied.
#
# SOTTO_BUILD names the native build folder (build/release by default), which cpp and c install and whose command line
# train, serve and tutorial use. java needs the jar that `mvn verify` in bindings/java packs. The others need the built npm
# package, and all of them but node a Chromium (SOTTO_CHROMIUM). react, vue, svelte and next install what their
# package-lock.json names, from npm's registry or its cache.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
name=${1:?usage: run.sh NAME WORKDIR}
work=${2:?usage: run.sh NAME WORKDIR}
build=${SOTTO_BUILD:-$top/build/release}
model=models/online-retail/model.safetensors

fail() {
  printf 'example %s: %s\n' "$name" "$*" >&2
  exit 1
}

# expect COUNT PATTERN: that many lines of the output match.
expect() {
  local found
  found=$(grep -cE -- "$2" "$work/output" || true)
  [[ $found == "$1" ]] || fail "expected $1 lines that match '$2', and found $found"
}

# The example, the model and, where it is needed, the package, in the places that they have in the repository.
copy() {
  rm -rf "$work"
  mkdir -p "$work/examples/$name" "$work/$(dirname "$model")"
  work=$(cd "$work" && pwd)
  # What a run in the checkout leaves behind stays there.
  tar -C "$top/examples/$name" --exclude node_modules --exclude dist --exclude public --exclude .next -cf - . |
    tar -C "$work/examples/$name" -xf -
  cp "$top/$model" "$work/$model"
}

# The package as npm publishes it.
unpack_package() {
  [[ -f $top/wasm/package/dist/index.js ]] || fail 'the npm package is not built: ./sotto build'
  local archive
  archive=$(cd "$top/wasm/package" && npm pack --silent --ignore-scripts --pack-destination "$work")
  mkdir -p "$work/wasm/package"
  tar -C "$work/wasm/package" --strip-components 1 -xzf "$work/$archive"
}

# With the development tools of the checkout.
install_offline() {
  # Nothing is downloaded.
  cd "$work/examples/$name"
  npm pkg delete devDependencies
  npm install --offline --no-audit --no-fund --no-package-lock >/dev/null
  PATH=$top/node_modules/.bin:$PATH
}

# With the versions that the example pins.
install_pinned() {
  cd "$work/examples/$name"
  npm ci --prefer-offline --ignore-scripts --no-progress >/dev/null
}

# The page in this folder or at this address does what a visitor expects.
check_page() {
  node "$top/examples/check_page.mjs" "$1" | tee "$work/output"
  expect 1 '^10 products, 5 recommendations$'
  expect 1 '^5 recommendations after a click, none of them the clicked one$'
  expect 1 '^the same recommendations after a reload$'
  expect 1 '^the first recommendations when forgotten$'
}

run_next() {
  export NEXT_TELEMETRY_DISABLED=1
  npm run build
  local port=13080
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do ((++port)); done
  node node_modules/next/dist/bin/next start --hostname 127.0.0.1 --port "$port" &
  local server=$!
  # shellcheck disable=SC2064 # the server of now
  trap "kill $server" EXIT
  until curl -sf "http://127.0.0.1:$port/" -o "$work/page.html"; do
    kill -0 "$server" || fail 'the server ended'
    sleep 0.2
  done
  # Rendered on the server, where no model is opened.
  grep -q 'data-status="opening"' "$work/page.html" || fail 'the server did not render the shop'
  # The server opens the model's file, though Next bundles the package.
  curl -sf "http://127.0.0.1:$port/popular" -o "$work/output" || fail 'the server did not open the model'
  grep -qE '^\[(\{"id":[^{}]*\},?){5}\]$' "$work/output" || fail "the server answered $(cat "$work/output")"
  check_page "http://127.0.0.1:$port/"
}

run_cmake_project() {
  cmake --install "$build" --prefix "$work/prefix" >/dev/null
  cmake -S "$work/examples/$name" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    "-DCMAKE_PREFIX_PATH=$work/prefix"
  cmake --build "$work/build"
  "$work/build/recommend" "$work/$model" | tee "$work/output"
}

[[ -d $top/examples/$name ]] || fail "there is no folder $top/examples/$name"
copy
case $name in
  page)
    unpack_package
    install_offline
    npm run build
    check_page "$work/examples/page/dist"
    ;;
  plain)
    unpack_package
    cp -R "$work/wasm/package/dist" "$work/examples/plain/sotto"
    cp "$work/$model" "$work/examples/plain/"
    check_page "$work/examples/plain"
    # The page, the script, the module and the model.
    expect 1 '^4 requests$'
    ;;
  react | vue | svelte)
    unpack_package
    install_pinned
    npm run build
    check_page "$work/examples/$name/dist"
    ;;
  next)
    unpack_package
    install_pinned
    run_next
    ;;
  node)
    unpack_package
    install_offline
    npm start --silent | tee "$work/output"
    expect 1 '^3659 items$'
    expect 3 '^looked at .+'
    expect 5 '^ *-?[0-9]+\.[0-9]{2}  .+'
    expect 1 '^The first one, above all because of .+\.$'
    ;;
  cpp)
    run_cmake_project
    expect 1 '^3659 items$'
    expect 2 '^user [01], 3 events, [0-9]+ bytes of state:$'
    expect 6 '^  .+'
    ;;
  c)
    run_cmake_project
    expect 1 '^3659 items$'
    expect 5 '^item [0-9]+, score -?[0-9]+\.[0-9]{2}$'
    ;;
  python)
    PYTHONPATH=$build/python "${SOTTO_PYTHON:-$top/build/python/venv/bin/python}" \
      "$work/examples/python/parquet_to_page.py" "$work/files" 2>/dev/null | tee "$work/output"
    expect 1 '^ *fixed +0\.[0-9]+ '
    expect 1 '^NDCG@10 against [a-z_]+: \+0\.[0-9]{3}$'
    expect 3 '^ *-?[0-9]+\.[0-9]{2}  [a-z]+ number [0-9], above all because of tea number [147]$'
    expect 1 '^wrote .*shop\.safetensors: [0-9]+ kB, 80 items$'
    # What a page opens, the command line opens, too.
    "$build/bin/sotto" inspect "$work/files/shop.safetensors" >/dev/null
    ;;
  java)
    jars=("$top"/build/java/sotto/sotto-[0-9]*[0-9].jar)
    [[ -f ${jars[0]} ]] || fail 'the jar is not built: docs/java.md says how'
    java -cp "${jars[0]}:$top/build/java/sotto/lib/*" "$work/examples/java/Recommend.java" "$work/$model" | tee "$work/output"
    expect 1 '^3659 items$'
    expect 2 '^(ada|grace), 2 events, [0-9]+ bytes of state:$'
    expect 6 '^ *-?[0-9]+\.[0-9]{2}  .+'
    expect 2 '^above all because of .+'
    ;;
  train)
    SOTTO=$build/bin/sotto "$work/examples/train/train.sh" "$work/shop" | tee "$work/output"
    expect 1 '^fixed model, '
    # The steps along a shelf are learned: more than counting can know.
    expect 1 '^fixed: NDCG@10 \+0\.[0-9]+ .* the best baseline$'
    [[ -s $work/shop/shop.safetensors ]] || fail 'no model was written'
    ;;
  serve)
    # It trains with the other example's script.
    cp -R "$top/examples/train" "$work/examples/train"
    PORT=18080
    while (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do ((++PORT)); done
    PORT=$PORT SOTTO=$build/bin/sotto "$work/examples/serve/serve.sh" "$work/shop" | tee "$work/output"
    expect 2 '"accepted":2'
    expect 3 '"recommendations":\['
    expect 1 '"because":\['
    expect 1 '^status 204$'
    ;;
  tutorial)
    ! command -v python3 >/dev/null || python3 -m py_compile "$work"/examples/tutorial/classic/*.py
    cp -R "$top/examples/train" "$work/examples/train"
    PORT=18180
    while (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do ((++PORT)); done
    PORT=$PORT SOTTO=$build/bin/sotto "$work/examples/tutorial/tutorial.sh" "$work/shop" 2>&1 | tee "$work/output"
    expect 1 '^\{"recommendations":\['
    expect 3 '^\{"user":"user-[123]","events":16,"model":"[0-9a-f]{16}","at":[0-9]+,"items":\[("[a-z]+-[0-9]",?){3}\],"crc32c":"[0-9a-f]{8}"}$'
    expect 1 '48 events of 3 users .* 1 more were repeated and 2 are dead letters$'
    expect 1 '^\{"line":49,"reason":"unknown_item",'
    expect 1 '^\{"line":50,"reason":"bad_record",'
    expect 1 '^16 events of user-1 on the server'
    ;;
  *) fail 'nothing is known about its output' ;;
esac
printf 'example %s: passed\n' "$name"
