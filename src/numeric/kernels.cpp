#include <sotto/numeric/kernels.hpp>

#if defined(__wasm_simd128__)
#include <sotto/numeric/kernels_simd128.hpp>
#elif defined(__x86_64__)
#include <sotto/numeric/kernels_avx2.hpp>
#endif

namespace sotto {

const Kernels& best_kernels() noexcept {
#if defined(__wasm_simd128__)
  return simd128_kernels();
#elif defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  return has_avx2 ? avx2_kernels() : reference_kernels();
#else
  return reference_kernels();
#endif
}

}  // namespace sotto
