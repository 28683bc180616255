// One step of one LSTM layer in fixed point: step → gate, as in docs/numbers.md.
#pragma once

#include <sotto/runtime/engine.hpp>

#include <cstdint>
#include <span>

namespace sotto {

// 7-bit activation of a value: clamp(value · multiplier / 2^24) stored with the zero point, 0 … 127.
// Legal: |value| < 2^31, 0 < multiplier < 2^31.
[[nodiscard]] std::uint8_t quantize_activation(std::int32_t value, std::int32_t multiplier) noexcept;

// Scratch for one step, sized for the largest layer; the caller owns it.
struct StepScratch {
  AlignedBuffer<std::uint8_t> hidden_u7;     // [padded H]
  AlignedBuffer<std::int32_t> input_sums;    // [padded 4H]
  AlignedBuffer<std::int32_t> hidden_sums;   // [padded 4H]
};
// Values of a layer's gate sums: 4H, padded.
[[nodiscard]] std::size_t padded_gates(const Architecture& architecture) noexcept;
[[nodiscard]] StepScratch make_step_scratch(const Architecture& architecture);

// cell: int16 Q(15 - cell_bits).cell_bits [H], hidden: int16 Q0.15 [H]; both carried. input_u7: the layer's
// input as 7-bit activations, padded to whole column tiles. Allocates nothing, cannot fail.
void lstm_step(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* input_u7,
               std::span<std::int16_t> cell, std::span<std::int16_t> hidden, StepScratch& scratch) noexcept;

// The step's two halves, for many inputs to one state. The products of the carried hidden state, sums [padded 4H]; the
// rest, from those and an input to the next state, which may be the state before.
void lstm_hidden_products(const PackedLstmLayer& layer, const Kernels& kernels, std::span<const std::int16_t> hidden,
                          AlignedBuffer<std::uint8_t>& hidden_u7, std::int32_t* sums) noexcept;
void lstm_step_from(const PackedLstmLayer& layer, const Kernels& kernels, const std::uint8_t* input_u7,
                    const std::int32_t* hidden_sums, std::span<const std::int16_t> cell_before,
                    std::span<std::int16_t> cell, std::span<std::int16_t> hidden, StepScratch& scratch) noexcept;

}  // namespace sotto
