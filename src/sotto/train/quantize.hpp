// Converts a trained float model to the fixed-point model that the engine runs (docs/numbers.md). It is post-training
// quantization. Int8 weights have one scale for each row, and calibration finds the ranges of activations.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <span>

namespace sotto::train {

// Runs the float model over the sequences to find the ranges of hidden and cell states. Legal: at least one event in
// all; a few thousand are enough. The result is deterministic. Fails with out_of_range if a weight is too large for the
// fixed-point formats; the error names the tensor. head_bits: 8, or 4 for a softmax head. With 4, a tied head's
// embedding also has 4-bit weights.
[[nodiscard]] Result<FixedModel> quantize(const FloatModel& model,
                                          std::span<const std::span<const ItemIndex>> calibration_sequences,
                                          int head_bits = 8);

// Fails with invalid_argument if a head of this kind does not support this number of bits.
[[nodiscard]] Status check_head_bits(HeadKind head, int head_bits);

}  // namespace sotto::train
