// Compiled with AVX2 enabled; called only where the processor has it.
#include <sotto/numeric/kernels_avx2.hpp>

#if defined(__AVX2__)

#include <immintrin.h>

namespace sotto {
namespace {

// 32 products, summed in fours: maddubs adds pairs in 16 bits (at most 2 · 127 · 128 < 2^15), madd pairs in 32.
__m256i dot_fours(__m256i x, const std::int8_t* weights) noexcept {
  const __m256i w = _mm256_load_si256(reinterpret_cast<const __m256i*>(weights));
  return _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1));
}

void matvec(const std::int8_t* weights, std::size_t rows, std::size_t stride, const std::uint8_t* x,
            const std::int32_t* offset, std::int32_t* out) {
  for (std::size_t r = 0; r < rows; r += row_tile) {
    const std::int8_t* w = weights + r * stride;
    __m256i sum0 = _mm256_setzero_si256();
    __m256i sum1 = sum0;
    __m256i sum2 = sum0;
    __m256i sum3 = sum0;
    for (std::size_t c = 0; c < stride; c += column_tile) {
      const __m256i xs = _mm256_load_si256(reinterpret_cast<const __m256i*>(x + c));
      sum0 = _mm256_add_epi32(sum0, dot_fours(xs, w + c));
      sum1 = _mm256_add_epi32(sum1, dot_fours(xs, w + stride + c));
      sum2 = _mm256_add_epi32(sum2, dot_fours(xs, w + 2 * stride + c));
      sum3 = _mm256_add_epi32(sum3, dot_fours(xs, w + 3 * stride + c));
    }
    const __m256i sums = _mm256_hadd_epi32(_mm256_hadd_epi32(sum0, sum1), _mm256_hadd_epi32(sum2, sum3));
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    const __m128i start = _mm_load_si128(reinterpret_cast<const __m128i*>(offset + r));
    _mm_store_si128(reinterpret_cast<__m128i*>(out + r), _mm_add_epi32(start, four));
  }
}

}  // namespace

const Kernels& avx2_kernels() noexcept {
  static constexpr Kernels kernels{"avx2", matvec};
  return kernels;
}

}  // namespace sotto

#endif
