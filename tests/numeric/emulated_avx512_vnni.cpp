// The AVX512-VNNI tier on processors that have AVX2 only: its intrinsics are computed by SIMDe, so that its integers
// can be compared everywhere. Its speed says nothing.
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

#include "emulated_avx512_vnni.hpp"

#include <sotto/numeric/internal/vector_avx512_vnni.hpp>
#include <sotto/numeric/internal/vector_kernels.hpp>

namespace sotto::test {

const Kernels* emulated_avx512_vnni_kernels() {
  static constexpr Kernels kernels = kernels_of<VectorAvx512Vnni>("avx512-vnni, emulated");
  return __builtin_cpu_supports("avx2") != 0 ? &kernels : nullptr;
}

}  // namespace sotto::test
