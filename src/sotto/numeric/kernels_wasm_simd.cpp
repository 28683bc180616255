#include <sotto/numeric/internal/kernels_wasm.hpp>

#if defined(__wasm_simd128__)

#include <sotto/numeric/internal/vector_kernels.hpp>
#include <sotto/numeric/internal/vector_simd128.hpp>

namespace sotto {

const Kernels& wasm_simd_kernels() noexcept {
#if defined(__wasm_relaxed_simd__)
  static constexpr Kernels kernels = kernels_of<VectorSimd128>("relaxed-simd");
#else
  static constexpr Kernels kernels = kernels_of<VectorSimd128>("simd128");
#endif
  return kernels;
}

}  // namespace sotto

#endif
