#include <sotto/numeric/activations.hpp>
#include <sotto/numeric/rounding.hpp>
#include <sotto/runtime/lstm_step.hpp>

#include <algorithm>

namespace sotto {
namespace {

// Σ w·x and Σ w·h, each with its row's multiplier, and the bias, rounded once to Q3.12.
// |sum| < 2^26 + 2^25 and multipliers < 2^31 keep each product below 2^58.
std::int16_t gate_pre_activation(const PackedLstmLayer& layer, const StepScratch& scratch, std::size_t row) noexcept {
  const std::int64_t from_input = std::int64_t{scratch.input_sums[row]} * layer.input_weights.multiplier[row];
  const std::int64_t from_hidden = std::int64_t{scratch.hidden_sums[row]} * layer.hidden_weights.multiplier[row];
  const std::int64_t bias =
      std::int64_t{layer.bias[row]} * (std::int64_t{1} << (gate_bits + gate_multiplier_bits - gate_bias_bits));
  return saturate<std::int16_t>(round_shift(from_input + from_hidden + bias, gate_multiplier_bits));
}

// c' = f · c + i · g, summed exactly at 2^-30 and rounded once. |f · c| · 2^(15 - cell_bits) ≤ 2^44.
std::int16_t next_cell(std::int16_t cell, std::int16_t i, std::int16_t f, std::int16_t g, int cell_bits) noexcept {
  const std::int64_t kept = std::int64_t{f} * cell * (std::int64_t{1} << (unit_bits - cell_bits));
  const std::int64_t added = std::int64_t{i} * g;
  return saturate<std::int16_t>(round_shift(kept + added, 2 * unit_bits - cell_bits));
}

// The cell state as the Q3.12 input of tanh.
std::int16_t cell_to_gate_format(std::int16_t cell, int cell_bits) noexcept {
  return cell_bits <= gate_bits
             ? saturate<std::int16_t>(std::int64_t{cell} * (std::int64_t{1} << (gate_bits - cell_bits)))
             : saturate<std::int16_t>(round_shift(cell, cell_bits - gate_bits));
}

}  // namespace

std::uint8_t quantize_activation(std::int32_t value, std::int32_t multiplier) noexcept {
  const std::int64_t scaled = round_shift(std::int64_t{value} * multiplier, activation_multiplier_bits);
  const std::int64_t clamped = std::clamp<std::int64_t>(scaled, activation_min, activation_max);
  return static_cast<std::uint8_t>(clamped + activation_zero_point);
}

StepScratch make_step_scratch(const Architecture& architecture) {
  const std::size_t gates = round_up(std::size_t{4} * architecture.hidden_dim, row_tile);
  return {AlignedBuffer<std::uint8_t>(round_up(architecture.hidden_dim, column_tile)),
          AlignedBuffer<std::int32_t>(gates), AlignedBuffer<std::int32_t>(gates)};
}

void lstm_step(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* input_u7,
               std::span<std::int16_t> cell, std::span<std::int16_t> hidden, StepScratch& scratch) noexcept {
  const std::size_t units = hidden.size();
  for (std::size_t j = 0; j < units; ++j)
    scratch.hidden_u7[j] = quantize_activation(hidden[j], layer.hidden_multiplier);
  layer.input_weights.multiply(kernels, input_u7, scratch.input_sums.data());
  layer.hidden_weights.multiply(kernels, scratch.hidden_u7.data(), scratch.hidden_sums.data());
  for (std::size_t j = 0; j < units; ++j) {
    const std::int16_t i = sigmoid_q15(gate_pre_activation(layer, scratch, j));
    const std::int16_t f = sigmoid_q15(gate_pre_activation(layer, scratch, units + j));
    const std::int16_t g = tanh_q15(gate_pre_activation(layer, scratch, 2 * units + j));
    const std::int16_t o = sigmoid_q15(gate_pre_activation(layer, scratch, 3 * units + j));
    cell[j] = next_cell(cell[j], i, f, g, layer.cell_bits);
    const std::int16_t squashed = tanh_q15(cell_to_gate_format(cell[j], layer.cell_bits));
    hidden[j] = saturate<std::int16_t>(round_shift(std::int64_t{o} * squashed, unit_bits));
  }
}

}  // namespace sotto
