// A model to measure without a log: weights from a seed, scaled so that an engine that runs it does what it does with a
// trained one.
#pragma once

#include <sotto/model/fixed_model.hpp>

#include <cstdint>

namespace sotto::measure {

// What the engine is measured with unless another model is asked for.
inline constexpr Architecture classic_architecture{
    .items = 10'000, .embedding_dim = 16, .hidden_dim = 128, .layers = 2};

// Gate pre-activations have standard deviations near 1 and logits near 2, whatever the dimensions. Precondition: a
// softmax head without skip connection, history term and count expert; with a tied one D = H. head_bits: 8 or 4.
[[nodiscard]] FixedModel generated_model(const Architecture& architecture, std::uint64_t seed, int head_bits = 8);

}  // namespace sotto::measure
