// Steps of one LSTM layer in fixed point: step → gate, as in docs/numbers.md.
#pragma once

#include <sotto/runtime/engine.hpp>

#include <cstdint>
#include <span>

namespace sotto {

// One layer's carried state.
struct LayerState {
  std::span<std::int16_t> cell;          // Q(15 - cell_bits).cell_bits [H]
  std::span<std::int16_t> hidden;        // Q0.15 [H]
  std::span<std::uint8_t> hidden_u7;     // the same as 7-bit activations [padded H]: what products take
};

// hidden_u7 of a hidden state that came from elsewhere.
void quantize_hidden(const PackedLstmLayer& layer, const Kernels& kernels, const LayerState& state) noexcept;

// The products of `count` inputs [count × padded D] → sums [count × 4H].
void lstm_input_products(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* inputs_u7,
                         std::size_t count, std::int32_t* sums) noexcept;
// The products of `count` carried hidden states [count × padded H] → sums [count × 4H].
void lstm_hidden_products(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* hidden_u7,
                          std::size_t count, std::int32_t* sums) noexcept;
// The rest of the step, from both sums and a cell to the next state, whose cell may be the one before.
void lstm_finish_step(const PackedLstmLayer& layer, const Kernels& kernels, const std::int32_t* input_sums,
                      const std::int32_t* hidden_sums, std::span<const std::int16_t> cell_before,
                      const LayerState& after) noexcept;

}  // namespace sotto
