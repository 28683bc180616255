// The losses for training a head. All tiers share this plain data.
#pragma once

#include <cstdint>

namespace sotto::train {

// cross_entropy: over all items. With negatives it is sampled softmax with log-Q correction.
// bpr_max (Hidasi and Karatzoglou, 2018): needs negatives.
// binary: sigmoid cross-entropy of a binary head.
enum class Loss : std::uint8_t { cross_entropy, bpr_max, binary };

// The weight of BPR-max's penalty on the negatives' scores.
inline constexpr double bpr_max_penalty = 1.0;

}  // namespace sotto::train
