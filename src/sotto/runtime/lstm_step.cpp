#include <sotto/runtime/lstm_step.hpp>

namespace sotto {

void quantize_hidden(const PackedLstmLayer& layer, const Kernels& kernels, const LayerState& state) noexcept {
  kernels.quantize(state.hidden.data(), state.hidden.size(), layer.hidden_multiplier, state.hidden_u7.data());
}

void lstm_input_products(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* inputs_u7,
                         std::size_t count, std::int32_t* sums) noexcept {
  kernels.matmul(layer.input_weights.view(), inputs_u7, count, sums, layer.input_weights.rows);
}

void lstm_hidden_products(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* hidden_u7,
                          std::size_t count, std::int32_t* sums) noexcept {
  kernels.matmul(layer.hidden_weights.view(), hidden_u7, count, sums, layer.hidden_weights.rows);
}

void lstm_finish_step(const PackedLstmLayer& layer, const Kernels& kernels, const std::int32_t* input_sums,
                      const std::int32_t* hidden_sums, std::span<const std::int16_t> cell_before,
                      const LayerState& after) noexcept {
  kernels.lstm_cell({.units = after.hidden.size(),
                     .input_sums = input_sums,
                     .hidden_sums = hidden_sums,
                     .input_multiplier = layer.input_weights.multiplier.data(),
                     .hidden_multiplier = layer.hidden_weights.multiplier.data(),
                     .bias = layer.bias.data(),
                     .cell_before = cell_before.data(),
                     .cell = after.cell.data(),
                     .hidden = after.hidden.data(),
                     .cell_bits = layer.cell_bits});
  quantize_hidden(layer, kernels, after);
}

}  // namespace sotto
