#include <sotto/train/compute_tier.hpp>
#include <sotto/train/compute_tiers.hpp>

namespace sotto::train {

const Compute& compute_baseline() noexcept {
  static const Compute tier = tier_compute("baseline");
  return tier;
}

}  // namespace sotto::train
