# shellcheck shell=bash
# The two tools that a supported system may have only in too old a version. They are unpacked into
# build/toolchain of the checkout.

TOOLCHAIN=$TOP/build/toolchain
EMSCRIPTEN_MINIMUM=3.1.60

# Debian 12 has Catch2 2; its backports have version 3.
setup_catch2() {
  [[ $SYSTEM == debian-12 ]] || return 0
  local hash
  hash=$(declare -f setup_catch2 private_apt_unpack | hash_of)
  stamp_is_current catch2 "$hash" && return
  step "Catch2 3 from Debian's backports" \
    private_apt_unpack bookworm-backports "$TOOLCHAIN/catch2" libcatch2-dev
  write_stamp catch2 "$hash"
}

# Prints the emcc that cmake/wasm-toolchain.cmake will take, if that is not our own copy.
find_emcc() {
  local emcc version
  for emcc in "${SOTTO_EMSCRIPTEN:-}/emcc" "$(command -v emcc)"; do
    [[ -x $emcc ]] || continue
    version=$("$emcc" -dumpversion 2>/dev/null) || continue
    if version_at_least "$version" "$EMSCRIPTEN_MINIMUM"; then
      printf '%s\n' "$emcc"
      return
    fi
  done
  return 1
}

setup_emscripten() {
  find_emcc >/dev/null && return
  [[ $SYSTEM == debian-12 ]] ||
    fail "no Emscripten $EMSCRIPTEN_MINIMUM or newer: install emsdk and put its emcc on the PATH, or" \
      "set SOTTO_EMSCRIPTEN to the folder that holds emcc."
  local node hash
  node=$(command -v node) || fail "Emscripten needs Node.js, and there is no 'node' on the PATH."
  # The unpacked copy holds absolute paths: a moved checkout needs a new one.
  hash=$({
    printf '%s\n' "$TOOLCHAIN" "$node"
    declare -f unpack_emscripten private_apt_unpack
  } | hash_of)
  stamp_is_current emscripten "$hash" && return
  step "Emscripten 3.1.69 from Debian 13 (237 MB)" unpack_emscripten "$node"
  write_stamp emscripten "$hash"
}

# Debian 13's Emscripten, a set of Python programs, runs with Debian 12's clang-19. Its binaryen does not:
# it wants a newer C library, so that its tools are started through the loader that came along.
unpack_emscripten() {
  local node=$1 prefix=$TOOLCHAIN/emscripten tool wrapper
  private_apt_unpack trixie "$prefix" 'emscripten=3.1.69*' 'binaryen=120*' libc6 libstdc++6 libgcc-s1
  local root=$prefix/usr/share/emscripten loader
  loader=$(find "$prefix/usr/lib" -path '*-linux-gnu/ld-linux-*' -print -quit)

  mkdir -p "$prefix/binaryen/bin"
  for tool in "$prefix"/usr/bin/wasm*; do
    wrapper=$prefix/binaryen/bin/${tool##*/}
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' \
      "$loader" "${loader%/*}" "$tool" >"$wrapper"
    chmod +x "$wrapper"
  done
  # The file is Python: the last assignment counts.
  printf "BINARYEN_ROOT = '%s'\nNODE_JS = '%s'\n" "$prefix/binaryen" "$node" >>"$root/.emscripten"
  "$root/emcc" --version
}
