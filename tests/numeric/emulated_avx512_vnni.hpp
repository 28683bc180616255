#pragma once

#include <sotto/numeric/kernels.hpp>

namespace sotto::test {

// Null on a processor without AVX2.
[[nodiscard]] const Kernels* emulated_avx512_vnni_kernels();

}  // namespace sotto::test
