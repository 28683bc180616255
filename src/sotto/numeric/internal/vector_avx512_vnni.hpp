// The lanes of AVX2 with the products of AVX512-VNNI. dpbusd multiplies and adds 64 bytes at once, and no intermediate
// value can saturate.
#pragma once

#include <sotto/numeric/internal/vector_avx2.hpp>

#include <cstddef>
#include <cstdint>

namespace sotto {
namespace {

struct VectorAvx512Vnni : VectorAvx2 {
  static I32 dot_rows(const std::int8_t* weights, std::size_t stride, const std::uint8_t* x) noexcept {
    const std::size_t whole = stride / 64 * 64;
    __m512i sums[lanes];
    for (__m512i& sum : sums) sum = _mm512_setzero_si512();
    for (std::size_t c = 0; c < whole; c += 64) {
      const __m512i xs = _mm512_loadu_si512(x + c);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < lanes; ++r) {
        sums[r] = _mm512_dpbusd_epi32(sums[r], xs, _mm512_loadu_si512(weights + r * stride + c));
      }
    }
    I32 halves[lanes];
    add_halves(sums, halves);
    if (whole < stride) add_dot_rows(halves, weights, stride, x, whole);
    return sum_rows(halves);
  }

  static void dot_interleaved(const std::int8_t* weights, std::size_t stride, const std::uint8_t* x,
                              I32 (&sums)[2]) noexcept {
    sum_columns(stride, sums, [&](__m512i sum, std::size_t c) {
      return _mm512_dpbusd_epi32(sum, _mm512_set1_epi32(four_inputs(x + c)),
                                 _mm512_loadu_si512(weights + c * interleaved_rows));
    });
  }

  static void dot_interleaved_u4(const std::uint8_t* weights, std::size_t stride, const std::uint8_t* x,
                                 I32 (&sums)[2]) noexcept {
    const __m512i half_byte = _mm512_set1_epi8(15);
    sum_columns(stride, sums, [&](__m512i sum, std::size_t c) {
      const __m512i w = _mm512_loadu_si512(weights + c * interleaved_rows);
      sum = _mm512_dpbusd_epi32(sum, _mm512_and_si512(w, half_byte), _mm512_set1_epi32(four_inputs(x + c)));
      return _mm512_dpbusd_epi32(sum, _mm512_and_si512(_mm512_srli_epi16(w, 4), half_byte),
                                 _mm512_set1_epi32(four_inputs(x + stride + c)));
    });
  }

  static I32 dot_rows_u4(const std::uint8_t* weights, std::size_t stride, const std::int8_t* x) noexcept {
    return dot_rows_u4(weights, stride, reinterpret_cast<const std::uint8_t*>(x));
  }

  static I32 dot_rows_u4(const std::uint8_t* weights, std::size_t stride, const std::uint8_t* x) noexcept {
    if (stride == column_tile) return dot_half_rows_u4(weights, x);
    const std::size_t whole = stride / 64 * 64;
    const __m512i half_byte = _mm512_set1_epi8(15);
    __m512i sums[lanes];
    for (__m512i& sum : sums) sum = _mm512_setzero_si512();
    for (std::size_t c = 0; c < whole; c += 64) {
      const __m512i low = _mm512_loadu_si512(x + c);
      const __m512i high = _mm512_loadu_si512(x + stride + c);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < lanes; ++r) {
        const __m512i w = _mm512_loadu_si512(weights + r * stride + c);
        const __m512i with_low = _mm512_dpbusd_epi32(sums[r], _mm512_and_si512(w, half_byte), low);
        sums[r] = _mm512_dpbusd_epi32(with_low, _mm512_and_si512(_mm512_srli_epi16(w, 4), half_byte), high);
      }
    }
    I32 halves[lanes];
    add_halves(sums, halves);
    if (whole < stride) add_dot_rows_u4(halves, weights, stride, x, whole);
    return sum_rows(halves);
  }

 private:
  // add(sum, c) returns the sum plus the products of columns c … c + 3 of a tile's rows. Four independent sums reduce
  // the time that a product waits for the previous one.
  template <class Add>
  static void sum_columns(std::size_t stride, I32 (&sums)[2], Add add) noexcept {
    __m512i parts[column_tile / interleaved_columns];
    for (__m512i& part : parts) part = _mm512_setzero_si512();
    for (std::size_t c = 0; c < stride; c += column_tile) {
#pragma GCC unroll 4
      for (std::size_t p = 0; p < column_tile / interleaved_columns; ++p) {
        parts[p] = add(parts[p], c + p * interleaved_columns);
      }
    }
    const __m512i total = _mm512_add_epi32(_mm512_add_epi32(parts[0], parts[1]), _mm512_add_epi32(parts[2], parts[3]));
    sums[0] = _mm512_castsi512_si256(total);
    sums[1] = _mm512_extracti64x4_epi64(total, 1);
  }

  static void add_halves(const __m512i (&sums)[lanes], I32 (&halves)[lanes]) noexcept {
#pragma GCC unroll 8
    for (std::size_t r = 0; r < lanes; ++r) {
      halves[r] = _mm256_add_epi32(_mm512_castsi512_si256(sums[r]), _mm512_extracti64x4_epi64(sums[r], 1));
    }
  }
};

}  // namespace
}  // namespace sotto
