// The tiers of x86-64; each may be called only where the processor has its instructions.
#pragma once

#include <sotto/numeric/kernels.hpp>

namespace sotto {

[[nodiscard]] const Kernels& avx2_kernels() noexcept;
[[nodiscard]] const Kernels& avx512_vnni_kernels() noexcept;

}  // namespace sotto
