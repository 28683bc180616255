// One step of a number that learning on the device moves: it falls back towards 0, the base, by a share at every step,
// as in dynamic evaluation (Krause et al. 2018, arXiv 1709.07432), and stays of a size that arithmetic can bear
// whatever the model.
#pragma once

#include <algorithm>

namespace sotto {

inline constexpr float kept_share = 0.999F;
inline constexpr float most_learned = 1e6F;  // either way

[[nodiscard]] inline float stepped(float value, float by) noexcept {
  return std::clamp(value * kept_share - by, -most_learned, most_learned);
}

}  // namespace sotto
