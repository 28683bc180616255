// Makes a model for measurements without a log. Its weights come from a seed. They are scaled so that the engine does
// the same work as with a trained model.
#pragma once

#include <sotto/model/fixed_model.hpp>

#include <cstdint>

namespace sotto::measure {

// The engine is measured with this architecture by default.
inline constexpr Architecture classic_architecture{
    .items = 10'000, .embedding_dim = 16, .hidden_dim = 128, .layers = 2};

// Gate pre-activations have standard deviations near 1 and logits near 2, for all dimensions. Preconditions: the head
// is a softmax head without skip connection, history term and count expert; with a tied head, D = H. head_bits: 8 or 4.
[[nodiscard]] FixedModel generated_model(const Architecture& architecture, std::uint64_t seed, int head_bits = 8);

}  // namespace sotto::measure
