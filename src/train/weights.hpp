// The flat parameter vector: its first values, and the weights a model has of it.
#pragma once

#include <sotto/model/float_model.hpp>
#include <sotto/train/layout.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

// Uniform values: the embedding and the free head with a standard deviation of 0.1, matrices within
// ±1/√(their input's dimension); biases 0 but for the forget gate's, which are 1 (Jozefowicz et al., 2015).
[[nodiscard]] std::vector<float> initial_parameters(const ParameterLayout& layout, std::uint64_t seed);

[[nodiscard]] FloatWeights export_weights(const ParameterLayout& layout, std::span<const float> parameters);

}  // namespace sotto::train
