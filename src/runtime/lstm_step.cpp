#include <sotto/numeric/activations.hpp>
#include <sotto/numeric/rounding.hpp>
#include <sotto/runtime/lstm_step.hpp>

#include <algorithm>

namespace sotto {
namespace {

// Σ w·x and Σ w·h, each with its row's multiplier, and the bias, rounded once to Q3.12.
// |sum| < 2^26 + 2^25 and multipliers < 2^31 keep each product below 2^58.
std::int16_t gate_pre_activation(const PackedLstmLayer& layer, std::int32_t input_sum, std::int32_t hidden_sum,
                                 std::size_t row) noexcept {
  const std::int64_t from_input = std::int64_t{input_sum} * layer.input_weights.multiplier[row];
  const std::int64_t from_hidden = std::int64_t{hidden_sum} * layer.hidden_weights.multiplier[row];
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

std::size_t padded_gates(const Architecture& architecture) noexcept {
  return round_up(std::size_t{4} * architecture.hidden_dim, row_tile);
}

StepScratch make_step_scratch(const Architecture& architecture) {
  const std::size_t gates = padded_gates(architecture);
  return {AlignedBuffer<std::uint8_t>(round_up(architecture.hidden_dim, column_tile)),
          AlignedBuffer<std::int32_t>(gates), AlignedBuffer<std::int32_t>(gates)};
}

void lstm_step(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* input_u7,
               std::span<std::int16_t> cell, std::span<std::int16_t> hidden, StepScratch& scratch) noexcept {
  lstm_hidden_products(layer, kernels, hidden, scratch.hidden_u7, scratch.hidden_sums.data());
  lstm_step_from(layer, kernels, input_u7, scratch.hidden_sums.data(), cell, cell, hidden, scratch);
}

void lstm_hidden_products(const PackedLstmLayer& layer, const Kernels& kernels, std::span<const std::int16_t> hidden,
                          AlignedBuffer<std::uint8_t>& hidden_u7, std::int32_t* sums) noexcept {
  for (std::size_t j = 0; j < hidden.size(); ++j)
    hidden_u7[j] = quantize_activation(hidden[j], layer.hidden_multiplier);
  layer.hidden_weights.multiply(kernels, hidden_u7.data(), sums);
}

void lstm_step_from(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* input_u7,
                    const std::int32_t* hidden_sums, std::span<const std::int16_t> cell_before,
                    std::span<std::int16_t> cell, std::span<std::int16_t> hidden, StepScratch& scratch) noexcept {
  const std::size_t units = hidden.size();
  layer.input_weights.multiply(kernels, input_u7, scratch.input_sums.data());
  const auto gate = [&](std::size_t row) {
    return gate_pre_activation(layer, scratch.input_sums[row], hidden_sums[row], row);
  };
  for (std::size_t j = 0; j < units; ++j) {
    const std::int16_t i = sigmoid_q15(gate(j));
    const std::int16_t f = sigmoid_q15(gate(units + j));
    const std::int16_t g = tanh_q15(gate(2 * units + j));
    const std::int16_t o = sigmoid_q15(gate(3 * units + j));
    cell[j] = next_cell(cell_before[j], i, f, g, layer.cell_bits);
    const std::int16_t squashed = tanh_q15(cell_to_gate_format(cell[j], layer.cell_bits));
    hidden[j] = saturate<std::int16_t>(round_shift(std::int64_t{o} * squashed, unit_bits));
  }
}

}  // namespace sotto
