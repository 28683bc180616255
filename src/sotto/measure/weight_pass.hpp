// The floor under a product's time: its weights read once and multiplied by the tier's fastest instructions into a few
// accumulators, without rows, offsets, horizontal sums or scaling.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sotto::measure {

// Σ weights · x, modulo 2^32, the same in every tier. Legal: x ≤ 127; as many weights as are whole column tiles of 16.
using WeightPass = std::uint32_t (*)(std::span<const std::int8_t> weights, std::uint8_t x) noexcept;

// Of one of available_kernels(), by its name; the plain loop for a tier that has no other.
[[nodiscard]] WeightPass weight_pass(std::string_view tier) noexcept;

}  // namespace sotto::measure
