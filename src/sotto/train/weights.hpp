// The flat parameter vector: its first values, and the weights a model has of it. It is aligned like all of the
// room's arrays: where a vector register's worth begins decides how sums are rounded.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/layout.hpp>
#include <sotto/train/optimizer_step.hpp>

#include <cstdint>
#include <span>

namespace sotto::train {

// Uniform values: the embedding and the free head with a standard deviation of 0.1, matrices within
// ±1/√(their input's dimension); normalized vectors with that deviation, too; the forget gate's bias 1 (Jozefowicz et
// al., 2015), the other gates' 0. An item's bias starts at the log of its popularity, so that training begins from the
// best constant answer: `item_count` has the training events of each item. As Keras has it: the embedding within ±0.05,
// matrices within ±√(6 / (rows + columns)) (Glorot and Bengio, 2010), the recurrent ones orthogonal; the biases as
// above.
[[nodiscard]] AlignedBuffer<float> initial_parameters(const ParameterLayout& layout,
                                                      std::span<const std::uint64_t> item_count,
                                                      Conventions conventions, std::uint64_t seed);

[[nodiscard]] FloatWeights export_weights(const ParameterLayout& layout, std::span<const float> parameters);

}  // namespace sotto::train
