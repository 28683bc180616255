#pragma once

#include <sotto/numeric/kernels.hpp>

namespace sotto {

// Exists in WebAssembly builds with SIMD only.
[[nodiscard]] const Kernels& simd128_kernels() noexcept;

}  // namespace sotto
