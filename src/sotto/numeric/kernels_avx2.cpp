// This file is compiled with AVX2 enabled. Precondition of its code: the processor supports AVX2.
#include <sotto/numeric/internal/kernels_x86.hpp>
#include <sotto/numeric/internal/vector_avx2.hpp>
#include <sotto/numeric/internal/vector_kernels.hpp>

namespace sotto {

const Kernels& avx2_kernels() noexcept {
  static constexpr Kernels kernels = kernels_of<VectorAvx2>("avx2");
  return kernels;
}

}  // namespace sotto
