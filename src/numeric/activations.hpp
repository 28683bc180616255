// Sigmoid and tanh from int16 Q3.12 (±8) to int16 Q0.15: one table each, linear interpolation.
//
// 512 intervals of 1/32. Over all 65,536 inputs the error stays within 4.5 units of Q0.15 for tanh and 1.5 for
// sigmoid (tests/numeric/activations_test.cpp): a 7-bit activation's step is 512 units.
#pragma once

#include <cstdint>

namespace sotto {

[[nodiscard]] std::int16_t sigmoid_q15(std::int16_t x_q12) noexcept;  // 0 … 32767
[[nodiscard]] std::int16_t tanh_q15(std::int16_t x_q12) noexcept;     // -32767 … 32767

}  // namespace sotto
