// The tiers to choose from. Every tier gives the same results within rounding; only one tier is ever used by
// a process unless a test asks for another.
#pragma once

#include <sotto/train/compute.hpp>

namespace sotto::train {

[[nodiscard]] const Compute& compute_baseline() noexcept;
[[nodiscard]] const Compute& compute_avx2() noexcept;  // x86-64 builds only; needs AVX2 and FMA

}  // namespace sotto::train
