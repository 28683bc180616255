#pragma once

#include <sotto/numeric/kernels.hpp>

namespace sotto {

// Exists on x86-64 only. Precondition of using it: the processor has AVX2.
[[nodiscard]] const Kernels& avx2_kernels() noexcept;

}  // namespace sotto
