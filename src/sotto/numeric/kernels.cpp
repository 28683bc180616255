#include <sotto/numeric/kernels.hpp>

#if defined(__wasm_simd128__)
#include <sotto/numeric/internal/kernels_wasm.hpp>
#elif defined(__x86_64__)
#include <sotto/numeric/internal/kernels_x86.hpp>
#endif

#include <array>

namespace sotto {
namespace {

struct Tiers {
  std::array<const Kernels*, 3> kernels{};
  std::size_t count = 0;

  void add(const Kernels& tier) noexcept { kernels[count++] = &tier; }
};

Tiers find_tiers() noexcept {
  Tiers tiers;
#if defined(__wasm_simd128__)
  tiers.add(wasm_simd_kernels());  // it is the only tier, because a page downloads all tiers of a build
#else
  tiers.add(reference_kernels());
#endif
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) {
    tiers.add(avx2_kernels());
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
        __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vnni") != 0) {
      tiers.add(avx512_vnni_kernels());
    }
  }
#endif
  return tiers;
}

}  // namespace

std::span<const Kernels* const> available_kernels() noexcept {
  static const Tiers tiers = find_tiers();
  return {tiers.kernels.data(), tiers.count};
}

const Kernels& best_kernels() noexcept { return *available_kernels().back(); }

}  // namespace sotto
