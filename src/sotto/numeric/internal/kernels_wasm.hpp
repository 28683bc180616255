// The tier of a WebAssembly build with SIMD. It uses relaxed SIMD if the build enables it.
#pragma once

#include <sotto/numeric/kernels.hpp>

namespace sotto {

[[nodiscard]] const Kernels& wasm_simd_kernels() noexcept;

}  // namespace sotto
