// The available tiers. Every tier gives the same results, except for rounding. A process uses only one tier, unless a
// test asks for another.
#pragma once

#include <sotto/train/compute.hpp>

namespace sotto::train {

[[nodiscard]] const Compute& compute_baseline() noexcept;
[[nodiscard]] const Compute& compute_avx2() noexcept;  // x86-64 builds only; needs AVX2 and FMA

}  // namespace sotto::train
