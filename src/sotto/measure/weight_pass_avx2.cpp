// This file is compiled with AVX2 enabled. Precondition of its code: the processor supports AVX2.
#include <sotto/measure/weight_pass_x86.hpp>

#include <immintrin.h>

#include <cstddef>

namespace sotto::measure {
namespace {

constexpr std::size_t accumulators = 8;  // more than the additions in flight, so that none waits for the previous one

__m256i load(const std::int8_t* p) noexcept { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }

// Computes 32 products and sums them in fours.
__m256i dot_fours(__m256i x, __m256i w) noexcept {
  return _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1));
}

}  // namespace

std::uint32_t weight_pass_avx2(std::span<const std::int8_t> weights, std::uint8_t x) noexcept {
  const __m256i xs = _mm256_set1_epi8(static_cast<char>(x));
  __m256i sums[accumulators];
  for (__m256i& sum : sums) sum = _mm256_setzero_si256();
  const std::int8_t* p = weights.data();
  const std::int8_t* const end = p + weights.size();
  for (; end - p >= std::ptrdiff_t{32 * accumulators}; p += 32 * accumulators) {
#pragma GCC unroll 8
    for (std::size_t a = 0; a < accumulators; ++a) {
      sums[a] = _mm256_add_epi32(sums[a], dot_fours(xs, load(p + 32 * a)));
    }
  }
  for (; end - p >= 32; p += 32) sums[0] = _mm256_add_epi32(sums[0], dot_fours(xs, load(p)));
  if (p != end) {
    const __m256i half = _mm256_zextsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    sums[0] = _mm256_add_epi32(sums[0], dot_fours(xs, half));
  }
  for (std::size_t a = 1; a < accumulators; ++a) sums[0] = _mm256_add_epi32(sums[0], sums[a]);
  alignas(32) std::uint32_t lanes[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), sums[0]);
  std::uint32_t total = 0;
  for (const std::uint32_t lane : lanes) total += lane;
  return total;
}

}  // namespace sotto::measure
