#!/usr/bin/env bash
# Builds what run.mjs measures: Sotto's kernels of a head's products and XNNPACK's fully connected operators in one
# WebAssembly module, once with simd128 and once with relaxed SIMD; and prints what the operators add to a module.
#
#   XNNPACK=FOLDER PTHREADPOOL=FOLDER [EMSCRIPTEN=FOLDER] bench/xnnpack_wasm/build.sh [OUT]
#
#   XNNPACK, PTHREADPOOL  the sources: the upstream tarballs that Debian 13 packages as xnnpack and pthreadpool, each
#                         in a folder (0.0~git20241108.4ea82e5, whose tarball has none of its own, and
#                         0.0~git20240616.560c60d). Where sources of Debian 13 are configured, `apt-get source
#                         --download-only xnnpack pthreadpool` fetches them and checks their hashes.
#   EMSCRIPTEN            the folder of emcc and em++: by default that of ./sotto setup, else the PATH's
#   OUT                   build/xnnpack_wasm by default
#
# XNNPACK's own CMake does not know WebAssembly. Compiled here are its operators' core files and, of the microkernels
# that it lists for WebAssembly, those of the three operators; with the options that its CMake has by default.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$(cd "$here/../.." && pwd)

stop() {
  printf 'build.sh: %s\n' "$1" >&2
  exit 1
}
if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
  exit
fi

out=${1:-$top/build/xnnpack_wasm}
xnnpack=${XNNPACK:-}
pthreadpool=${PTHREADPOOL:-}
[[ -f $xnnpack/include/xnnpack.h ]] || stop "XNNPACK is to name XNNPACK's sources (--help says where they are from)"
[[ -f $pthreadpool/src/shim.c ]] || stop "PTHREADPOOL is to name pthreadpool's sources (--help)"
emscripten=${EMSCRIPTEN:-$top/build/toolchain/emscripten/usr/share/emscripten}
if [[ ! -x $emscripten/emcc ]]; then
  emscripten=$(dirname "$(command -v emcc)") || stop "no emcc; run ./sotto setup or set EMSCRIPTEN"
fi

core=(allocator cache datatype init memory microkernel-utils microparams-init mutex operator-delete operator-run
  operator-utils params operators/fully-connected-nc configs/gemm-config configs/hardware-config configs/xx-fill-config
  enums/allocation-type enums/datatype-strings enums/microkernel-type enums/operator-type)
kernels='(f32|qs8-qc8w|qd8-f32-qc8w)-i?gemm|x32-packw'

mkdir -p "$out/include"
ln -sfn "$top/src" "$out/include/sotto"

# Off, like XNNPACK_ENABLE_* of other processors, but for the two that are on for all.
mapfile -t options < <(grep -rhoE --include='*.[ch]' 'XNN_ENABLE_[A-Z0-9_]+' "$xnnpack/src" | sort -u |
  sed -E 's/.*/-D&=0/; s/(MEMOPT|GEMM_M_SPECIALIZATION)=0/\1=1/')
of_xnnpack=(-O2 -fno-math-errno -DNDEBUG -DXNN_LOG_LEVEL=0 "${options[@]}" -I"$xnnpack/include" -I"$xnnpack/src"
  -I"$pthreadpool/include" -w)
of_sotto=(-std=c++20 -O3 -DNDEBUG -fno-exceptions -fno-rtti -ffp-contract=off -Wall -Wextra -I"$out/include"
  -isystem "$xnnpack/include" -isystem "$pthreadpool/include")
of_module=(-O3 -sSTANDALONE_WASM --no-entry -sMALLOC=emmalloc "-sEXPORTED_FUNCTIONS=_malloc,_free")

# The microkernels that are made for the instructions and chosen by XNNPACK's configurations.
microkernels() { # INSTRUCTIONS…
  local list
  for list in "$@"; do
    awk '/^SET\(PROD_/ { wanted = 1 } wanted { print } /\)/ { wanted = 0 }' \
      "$xnnpack/cmake/gen/${list}_microkernels.cmake"
  done | grep -oE "src/($kernels)/[^ )]+\.c" | sed "s|^|$xnnpack/|"
}

link() { # NAME INPUT…
  "$emscripten/em++" "${vectors[@]}" "${of_module[@]}" "${@:2}" -o "$out/$1.wasm"
}

# What a module that does nothing but allocate grows by: bytes, and bytes of gzip.
sizes_of() { # MACRO…
  "$emscripten/em++" "${vectors[@]}" "${of_sotto[@]}" "${@/#/-D}" -c "$here/module_size.cpp" -o "$objects/size.o"
  link size "$objects/size.o" "${archive[@]}"
  printf '%d %d\n' "$(wc -c <"$out/size.wasm")" "$(gzip -9 <"$out/size.wasm" | wc -c)"
}

print_added() { # WHAT MACRO…
  local bytes gzipped bytes_before gzipped_before
  read -r bytes_before gzipped_before < <(sizes_of)
  read -r bytes gzipped < <(sizes_of "${@:2}")
  printf '%-28s %6d bytes, %6d with gzip\n' "$1" $((bytes - bytes_before)) $((gzipped - gzipped_before))
}

build() { # NAME LISTS FLAG…
  local name=$1 lists=$2
  vectors=("${@:3}")
  objects=$out/$name.objects
  archive=("$objects/xnnpack.a")
  rm -rf "$objects"
  mkdir -p "$objects/xnnpack" "$objects/sotto"

  local sources
  # shellcheck disable=SC2086 # a list of lists
  mapfile -t sources < <(microkernels $lists)
  sources+=("${core[@]/#/$xnnpack/src/}")
  sources=("${sources[@]/%.c/}")
  (cd "$objects/xnnpack" &&
    "$emscripten/emcc" "${vectors[@]}" "${of_xnnpack[@]}" -c "${sources[@]/%/.c}" "$pthreadpool/src/shim.c" &&
    "$emscripten/em++" -std=c++17 "${vectors[@]}" "${of_xnnpack[@]}" -c "$xnnpack/src/reference/packing.cc")
  "$emscripten/emar" rc "${archive[0]}" "$objects"/xnnpack/*.o

  (cd "$objects/sotto" &&
    "$emscripten/em++" "${vectors[@]}" "${of_sotto[@]}" -c "$here"/{float_head,integer_head,module}.cpp \
      "$top"/src/sotto/numeric/{kernels,kernels_wasm_simd,activations}.cpp &&
    "$emscripten/em++" -std=c++20 "${vectors[@]}" "${of_xnnpack[@]}" -c "$here/xnnpack_choice.cpp")
  link "$name" -sINITIAL_MEMORY=256mb "$objects"/sotto/*.o "${archive[@]}"

  printf '%s, added to a module:\n' "$name"
  print_added 'XNNPACK f32' WITH_F32
  print_added 'XNNPACK qs8-qc8w' WITH_QS8
  print_added 'XNNPACK qd8-f32-qc8w' WITH_QD8
  print_added 'XNNPACK, all three' WITH_F32 WITH_QS8 WITH_QD8
  print_added "Sotto's kernels of the three" WITH_SOTTO
}

build simd128 'wasm wasmsimd' -msimd128
build relaxed-simd 'wasm wasmsimd wasmrelaxedsimd' -msimd128 -mrelaxed-simd
