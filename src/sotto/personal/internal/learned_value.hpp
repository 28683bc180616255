// One step of a number that learning on the device changes. At every step a fixed share of the number falls back
// towards 0, the base, as in dynamic evaluation (Krause et al. 2018, arXiv 1709.07432). The number is bounded, so that
// it cannot overflow with any model.
#pragma once

#include <algorithm>

namespace sotto {

inline constexpr float kept_share = 0.999F;
inline constexpr float max_learned = 1e6F;  // bound of the absolute value

[[nodiscard]] inline float stepped(float value, float by) noexcept {
  return std::clamp(value * kept_share - by, -max_learned, max_learned);
}

}  // namespace sotto
