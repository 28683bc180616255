// The fractional bits of every integer quantity, and the value range of a matrix product's operands (docs/numbers.md).
#pragma once

#include <cstdint>

namespace sotto {

// Activations that enter a matrix product have 7 bits, -64 … 63, and are stored as 0 … 127. With one bit less than
// int8, every SIMD tier gives the same bits, including relaxed SIMD in wasm.
inline constexpr std::int32_t activation_min = -64;
inline constexpr std::int32_t activation_max = 63;
inline constexpr std::int32_t activation_zero_point = 64;

// 4-bit weights are -8 … 7 and are stored as 0 … 15. They can then be the unsigned operand on x86 and the 7-bit operand
// in wasm.
inline constexpr std::int32_t weight_s4_min = -8;
inline constexpr std::int32_t weight_s4_max = 7;
inline constexpr std::int32_t weight_s4_zero_point = 8;

inline constexpr int gate_multiplier_bits = 24;  // gate pre-activation Q3.12 = (Σ acc · multiplier + bias) >> 24
inline constexpr int gate_bias_bits = 24;  // biases: int32 at 2^-24, ±128
inline constexpr int gate_bits = 12;  // gate pre-activations: int16 Q3.12
inline constexpr int unit_bits = 15;  // gate outputs and hidden state: int16 Q0.15
inline constexpr int activation_multiplier_bits = 24;  // 7-bit activation = (value · multiplier) >> 24
inline constexpr int head_input_bits = 12;  // the head's input u: int16 Q3.12
inline constexpr int head_multiplier_bits = 30;  // head row scale: multiplier · 2^-30
inline constexpr int score_bits = 16;  // scores: int32 logits, Q15.16

// The value of an integer's last place.
inline constexpr float head_input_unit = 1.0F / (1 << head_input_bits);
inline constexpr float score_unit = 1.0F / (1 << score_bits);  // in logits

}  // namespace sotto
