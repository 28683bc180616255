// Sigmoid and tanh map int16 Q3.12 (±8) to int16 Q0.15. Each has one table and interpolates linearly.
//
// A table has 512 intervals, and each spans 1/32. Over all 65,536 inputs the error stays within 4.5 units of Q0.15 for
// tanh and 1.5 for sigmoid (tests/numeric/activations_test.cpp). For comparison, a step of a 7-bit activation is 512
// units.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto {

inline constexpr int activation_interval_bits = 7;  // an interval spans 2^7 units of Q3.12, that is 1/32
inline constexpr std::size_t activation_intervals = 65536U >> activation_interval_bits;

// Each entry describes one interval in Q0.15. The low 16 bits hold the value at its left end. The high 16 bits hold the
// rise to its right end. One 32-bit load therefore reads all data that an interpolation needs.
using ActivationTable = std::array<std::int32_t, activation_intervals>;
extern const ActivationTable sigmoid_table;
extern const ActivationTable tanh_table;

[[nodiscard]] std::int16_t sigmoid_q15(std::int16_t x_q12) noexcept;  // 0 … 32767
[[nodiscard]] std::int16_t tanh_q15(std::int16_t x_q12) noexcept;  // -32767 … 32767

}  // namespace sotto
