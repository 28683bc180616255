// This file is compiled with AVX-512 F, BW, VL and VNNI enabled. Precondition of its code: the processor supports them.
#include <sotto/numeric/internal/kernels_x86.hpp>
#include <sotto/numeric/internal/vector_avx512_vnni.hpp>
#include <sotto/numeric/internal/vector_kernels.hpp>

namespace sotto {

const Kernels& avx512_vnni_kernels() noexcept {
  static constexpr Kernels kernels = kernels_of<VectorAvx512Vnni>("avx512-vnni");
  return kernels;
}

}  // namespace sotto
