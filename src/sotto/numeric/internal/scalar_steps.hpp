// Computes one row, one unit or one activation in plain integers. The reference tier uses these functions, and the
// vector tiers use them for their tails.
//
// The functions are `static`, because files for different instruction sets include this header. The linker must not
// replace one file's copy by another's.
#pragma once

#include <sotto/numeric/formats.hpp>
#include <sotto/numeric/internal/activations.hpp>
#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/numeric/kernels.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sotto {

// The pre-activation is Σ w·x and Σ w·h, each times its row's multiplier, plus the bias. It is rounded once to Q3.12.
// sum| < 2^26.6 and multipliers < 2^31 keep each product below 2^57.6.
[[nodiscard]] static inline std::int16_t gate_pre_activation(const LstmCell& step, std::size_t row) noexcept {
  const std::int64_t from_input = std::int64_t{step.input_sums[row]} * step.input_multiplier[row];
  const std::int64_t from_hidden = std::int64_t{step.hidden_sums[row]} * step.hidden_multiplier[row];
  const std::int64_t bias =
      std::int64_t{step.bias[row]} * (std::int64_t{1} << (gate_bits + gate_multiplier_bits - gate_bias_bits));
  return saturate<std::int16_t>(round_shift(from_input + from_hidden + bias, gate_multiplier_bits));
}

// c' = f · c + i · g is summed exactly at 2^-30 and rounded once. |f · c| · 2^(15 - cell_bits) ≤ 2^44.
[[nodiscard]] static inline std::int16_t next_cell(std::int16_t cell, std::int16_t i, std::int16_t f, std::int16_t g,
                                                   int cell_bits) noexcept {
  const std::int64_t kept = std::int64_t{f} * cell * (std::int64_t{1} << (unit_bits - cell_bits));
  const std::int64_t added = std::int64_t{i} * g;
  return saturate<std::int16_t>(round_shift(kept + added, 2 * unit_bits - cell_bits));
}

// Converts the cell state to the Q3.12 input of tanh.
[[nodiscard]] static inline std::int16_t cell_to_gate_format(std::int16_t cell, int cell_bits) noexcept {
  return cell_bits <= gate_bits
             ? saturate<std::int16_t>(std::int64_t{cell} * (std::int64_t{1} << (gate_bits - cell_bits)))
             : saturate<std::int16_t>(round_shift(cell, cell_bits - gate_bits));
}

static inline void lstm_unit(const LstmCell& step, std::size_t j) noexcept {
  const std::int16_t i = sigmoid_q15(gate_pre_activation(step, j));
  const std::int16_t f = sigmoid_q15(gate_pre_activation(step, step.units + j));
  const std::int16_t g = tanh_q15(gate_pre_activation(step, 2 * step.units + j));
  const std::int16_t o = sigmoid_q15(gate_pre_activation(step, 3 * step.units + j));
  step.cell[j] = next_cell(step.cell_before[j], i, f, g, step.cell_bits);
  const std::int16_t squashed = tanh_q15(cell_to_gate_format(step.cell[j], step.cell_bits));
  step.hidden[j] = saturate<std::int16_t>(round_shift(std::int64_t{o} * squashed, unit_bits));
}

// Returns the 7-bit activation of a value, stored with the zero point as 0 … 127. Legal: multiplier > 0.
[[nodiscard]] static inline std::uint8_t quantize_activation(std::int32_t value, std::int32_t multiplier) noexcept {
  const std::int64_t scaled = round_shift(std::int64_t{value} * multiplier, activation_multiplier_bits);
  const std::int64_t clamped = std::clamp<std::int64_t>(scaled, activation_min, activation_max);
  return static_cast<std::uint8_t>(clamped + activation_zero_point);
}

// The bytes of one input of a product.
[[nodiscard]] static inline std::size_t input_size(const KernelMatrix& matrix) noexcept { return matrix.stride; }
[[nodiscard]] static inline std::size_t input_size(const KernelMatrixS4& matrix) noexcept { return 2 * matrix.stride; }

// The sum and the score of one row. Precondition: the row is not part of an interleaved tile.
[[nodiscard]] static inline std::int32_t row_sum(const KernelMatrix& matrix, std::size_t r,
                                                 const std::uint8_t* x) noexcept {
  std::int32_t sum = matrix.offset[r];
  const std::int8_t* row = matrix.weights + r * matrix.stride;
  for (std::size_t c = 0; c < matrix.stride; ++c) sum += std::int32_t{row[c]} * std::int32_t{x[c]};
  return sum;
}

[[nodiscard]] static inline std::int32_t row_sum(const KernelMatrixS4& matrix, std::size_t r,
                                                 const std::uint8_t* x) noexcept {
  std::int32_t sum = matrix.offset[r];
  const std::uint8_t* row = matrix.weights + r * matrix.stride;
  for (std::size_t c = 0; c < matrix.stride; ++c) {
    sum += ((row[c] & 15) - weight_s4_zero_point) * x[c];
    sum += ((row[c] >> 4) - weight_s4_zero_point) * x[matrix.stride + c];
  }
  return sum;
}

[[nodiscard]] static inline std::int32_t scaled_score(std::int32_t sum, const ScoreScale& scale, int down,
                                                      std::size_t r) noexcept {
  return saturate<std::int32_t>(round_shift(std::int64_t{sum} * scale.multiplier[r], down) + scale.bias[r]);
}

}  // namespace sotto
