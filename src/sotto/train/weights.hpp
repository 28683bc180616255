// The flat parameter vector: its initial values, and conversion to a model's weights. It is aligned like all arrays of
// this room, because the alignment of vector registers affects how sums are rounded.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/layout.hpp>
#include <sotto/train/optimizer_step.hpp>

#include <cstdint>
#include <span>

namespace sotto::train {

// The initial values are uniform. The embedding, the free head and normalized vectors have a standard deviation of 0.1.
// Matrices lie within ±1/√(their input's dimension). The forget gate's bias is 1 (Jozefowicz et al., 2015), and the
// other gates' biases are 0. An item's bias starts at the log of its popularity, so that training begins with the best
// constant prediction. `item_count` has the number of training events of each item. With the conventions of Keras, the
// embedding lies within ±0.05 and matrices within ±√(6 / (rows + columns)) (Glorot and Bengio, 2010). Recurrent
// matrices are orthogonal. The biases are the same as above.
[[nodiscard]] AlignedBuffer<float> initial_parameters(const ParameterLayout& layout,
                                                      std::span<const std::uint64_t> item_count,
                                                      Conventions conventions, std::uint64_t seed);

[[nodiscard]] FloatWeights export_weights(const ParameterLayout& layout, std::span<const float> parameters);

}  // namespace sotto::train
