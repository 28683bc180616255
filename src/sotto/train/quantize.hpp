// From a trained float model to the fixed-point model that runs (docs/numbers.md): post-training
// quantization, int8 weights with one scale per row, activation ranges found by calibration.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <span>

namespace sotto::train {

// Runs the float model over the sequences (at least one event in all; a few thousand are plenty) to find
// the ranges of hidden and cell states. Deterministic. Fails with out_of_range, naming the tensor, when a
// weight is too large for the fixed-point formats.
// head_bits: 8, or 4 for a softmax head, whose weights, those of a tied head's embedding too, are then 4-bit ones.
[[nodiscard]] Result<FixedModel> quantize(const FloatModel& model,
                                          std::span<const std::span<const ItemIndex>> calibration_sequences,
                                          int head_bits = 8);

// Fails with invalid_argument where a head of this kind cannot have its weights in so many bits.
[[nodiscard]] Status check_head_bits(HeadKind head, int head_bits);

}  // namespace sotto::train
