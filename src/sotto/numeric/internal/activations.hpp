// Sigmoid and tanh from int16 Q3.12 (±8) to int16 Q0.15: one table each, linear interpolation.
//
// 512 intervals of 1/32. Over all 65,536 inputs the error stays within 4.5 units of Q0.15 for tanh and 1.5 for
// sigmoid (tests/numeric/activations_test.cpp): a 7-bit activation's step is 512 units.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto {

inline constexpr int activation_interval_bits = 7;  // an interval spans 2^7 units of Q3.12, that is 1/32
inline constexpr std::size_t activation_intervals = 65536U >> activation_interval_bits;

// For each interval its left end's value (low 16 bits) and the rise to its right end (high 16 bits), both Q0.15: one
// 32-bit load brings all that an interpolation needs.
using ActivationTable = std::array<std::int32_t, activation_intervals>;
extern const ActivationTable sigmoid_table;
extern const ActivationTable tanh_table;

[[nodiscard]] std::int16_t sigmoid_q15(std::int16_t x_q12) noexcept;  // 0 … 32767
[[nodiscard]] std::int16_t tanh_q15(std::int16_t x_q12) noexcept;     // -32767 … 32767

}  // namespace sotto
