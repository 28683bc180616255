// This file is compiled with AVX512-VNNI enabled. Precondition of its code: the processor supports it.
#include <sotto/measure/weight_pass_x86.hpp>

#include <immintrin.h>

#include <cstddef>

namespace sotto::measure {
namespace {

constexpr std::size_t accumulators = 8;  // more than the products in flight, so that none waits for the previous one

}  // namespace

std::uint32_t weight_pass_avx512_vnni(std::span<const std::int8_t> weights, std::uint8_t x) noexcept {
  const __m512i xs = _mm512_set1_epi8(static_cast<char>(x));
  __m512i sums[accumulators];
  for (__m512i& sum : sums) sum = _mm512_setzero_si512();
  const std::int8_t* p = weights.data();
  const std::int8_t* const end = p + weights.size();
  for (; end - p >= std::ptrdiff_t{64 * accumulators}; p += 64 * accumulators) {
#pragma GCC unroll 8
    for (std::size_t a = 0; a < accumulators; ++a) {
      sums[a] = _mm512_dpbusd_epi32(sums[a], xs, _mm512_loadu_si512(p + 64 * a));
    }
  }
  for (; end - p >= 64; p += 64) sums[0] = _mm512_dpbusd_epi32(sums[0], xs, _mm512_loadu_si512(p));
  const auto rest = static_cast<unsigned>(end - p);  // below 64
  const __mmask64 present = (std::uint64_t{1} << rest) - 1;
  sums[0] = _mm512_dpbusd_epi32(sums[0], xs, _mm512_maskz_loadu_epi8(present, p));
  for (std::size_t a = 1; a < accumulators; ++a) sums[0] = _mm512_add_epi32(sums[0], sums[a]);
  return static_cast<std::uint32_t>(_mm512_reduce_add_epi32(sums[0]));
}

}  // namespace sotto::measure
