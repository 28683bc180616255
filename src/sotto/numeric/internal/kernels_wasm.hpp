// The tier of a WebAssembly build with SIMD, relaxed where the build is.
#pragma once

#include <sotto/numeric/kernels.hpp>

namespace sotto {

[[nodiscard]] const Kernels& wasm_simd_kernels() noexcept;

}  // namespace sotto
