// The floor under a product's time: it reads the weights once and multiplies them with the tier's fastest instructions
// into a few accumulators, without rows, offsets, horizontal sums or scaling.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sotto::measure {

// Σ weights · x, modulo 2^32, the same in every tier. Legal: x ≤ 127; as many weights as are whole column tiles of 16.
using WeightPass = std::uint32_t (*)(std::span<const std::int8_t> weights, std::uint8_t x) noexcept;

// The pass of a tier of available_kernels(), by its name; a plain loop for a tier that has no pass of its own.
[[nodiscard]] WeightPass weight_pass(std::string_view tier) noexcept;

}  // namespace sotto::measure
