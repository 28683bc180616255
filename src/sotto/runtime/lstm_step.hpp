// The parts of one LSTM layer's step in fixed point (docs/numbers.md).
#pragma once

#include <sotto/runtime/engine.hpp>

#include <cstdint>
#include <span>

namespace sotto {

// One layer's carried state.
struct LayerState {
  std::span<std::int16_t> cell;          // Q(15 - cell_bits).cell_bits [H]
  std::span<std::int16_t> hidden;        // Q0.15 [H]
  std::span<std::uint8_t> hidden_u7;     // the hidden state as 7-bit activations [padded H], the input of products
};

// Computes hidden_u7 from a hidden state.
void quantize_hidden(const PackedLstmLayer& layer, const Kernels& kernels, const LayerState& state) noexcept;

// Multiplies `count` inputs [count × padded D] by the input weights → sums [count × 4H].
void lstm_input_products(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* inputs_u7,
                         std::size_t count, std::int32_t* sums) noexcept;
// Multiplies `count` hidden states [count × padded H] by the hidden weights → sums [count × 4H].
void lstm_hidden_products(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* hidden_u7,
                          std::size_t count, std::int32_t* sums) noexcept;
// Completes the step: computes the next state from both sums and the previous cell. Its cell may be `cell_before`.
void lstm_finish_step(const PackedLstmLayer& layer, const Kernels& kernels, const std::int32_t* input_sums,
                      const std::int32_t* hidden_sums, std::span<const std::int16_t> cell_before,
                      const LayerState& after) noexcept;

}  // namespace sotto
