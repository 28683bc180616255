// The tiers of x86-64. Precondition of each: the processor supports its instructions.
#pragma once

#include <sotto/numeric/kernels.hpp>

namespace sotto {

[[nodiscard]] const Kernels& avx2_kernels() noexcept;
[[nodiscard]] const Kernels& avx512_vnni_kernels() noexcept;

}  // namespace sotto
