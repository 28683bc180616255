// One step of a number that learning on the device moves. At every step the number falls back towards 0, the base, by a
// fixed share, as in dynamic evaluation (Krause et al. 2018, arXiv 1709.07432). It is bounded, so that no model makes
// it overflow.
#pragma once

#include <algorithm>

namespace sotto {

inline constexpr float kept_share = 0.999F;
inline constexpr float max_learned = 1e6F;  // either way

[[nodiscard]] inline float stepped(float value, float by) noexcept {
  return std::clamp(value * kept_share - by, -max_learned, max_learned);
}

}  // namespace sotto
