#!/usr/bin/env bash
# Writes the API reference into build/api/: cpp/ for the C++ library and the C ABI (Doxygen), and that of the npm
# package (TypeDoc, by npm run docs). Fails where a comment has broken markup.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

command -v doxygen >/dev/null || {
  printf 'The API reference needs doxygen 1.9.4 or newer: apt-get install doxygen\n' >&2
  exit 1
}
[[ -d node_modules ]] || {
  printf 'The API reference needs the npm packages: ./sotto setup web\n' >&2
  exit 1
}

mkdir -p build/api
doxygen docs/Doxyfile
npm run --silent docs
printf 'build/api/cpp/index.html\n'
