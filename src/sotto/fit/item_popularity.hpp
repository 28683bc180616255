// The items' popularity as features of the head: over the whole log, and recent.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/data/split.hpp>

namespace sotto::fit {

// The age at which a training event counts half in `lately`. Ages are measured from the latest of all training events.
inline constexpr double popularity_half_life_days = 30;

// Natural logarithms, each list minus its mean.
struct ItemPopularity {
  AlignedBuffer<float> overall;  // [items]: log(training events + 1)
  AlignedBuffer<float> lately;   // [items]: log(Σ 0.5^(age / half-life) + 0.1); 0.1 is the floor for old events
};

[[nodiscard]] ItemPopularity item_popularity(const data::Split& split);

}  // namespace sotto::fit
