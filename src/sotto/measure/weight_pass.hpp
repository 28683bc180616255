// The lower bound of a product's time. The pass reads the weights once and multiplies them with the tier's fastest
// instructions into a few accumulators. It has no rows, offsets, horizontal sums or scaling.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sotto::measure {

// Returns Σ weights · x, modulo 2^32, which is the same in every tier. Legal: x ≤ 127; the number of weights is a
// multiple of the column tile, 16.
using WeightPass = std::uint32_t (*)(std::span<const std::int8_t> weights, std::uint8_t x) noexcept;

// Returns the pass of a tier of available_kernels(), by its name. A tier without its own pass gets a plain loop.
[[nodiscard]] WeightPass weight_pass(std::string_view tier) noexcept;

}  // namespace sotto::measure
