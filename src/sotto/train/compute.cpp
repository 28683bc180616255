#include <sotto/train/compute.hpp>
#include <sotto/train/compute_tiers.hpp>

namespace sotto::train {

const Compute& compute() noexcept {
#ifdef SOTTO_TRAIN_HAS_AVX2
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  if (has_avx2) return compute_avx2();
#endif
  return compute_baseline();
}

}  // namespace sotto::train
