#include <sotto/train/compute_tier.hpp>
#include <sotto/train/compute_tiers.hpp>

namespace sotto::train {

const Compute& compute_avx2() noexcept {
  static const Compute tier = tier_compute("avx2");
  return tier;
}

}  // namespace sotto::train
