// Eight int32 lanes in AVX2 (vector_kernels.hpp specifies each function).
#pragma once

#include <sotto/numeric/kernels.hpp>

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sotto {
namespace {

struct VectorAvx2 {
  using I32 = __m256i;
  struct I64 {  // values 0, 2, 4, 6 and 1, 3, 5, 7
    __m256i even;
    __m256i odd;
  };
  static constexpr std::size_t lanes = 8;
  static constexpr bool interleaves = true;

  static I32 load(const std::int32_t* p) noexcept { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
  static void store(std::int32_t* p, I32 v) noexcept { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }
  static I32 load_s16(const std::int16_t* p) noexcept {
    return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static void store_s16(std::int16_t* p, I32 v) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                     _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
  }
  static void store_u8(std::uint8_t* p, I32 v) noexcept {
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(words, words));
  }

  static I32 splat(std::int32_t v) noexcept { return _mm256_set1_epi32(v); }
  static I32 add(I32 a, I32 b) noexcept { return _mm256_add_epi32(a, b); }
  static I32 multiply(I32 a, I32 b) noexcept { return _mm256_mullo_epi32(a, b); }
  static I32 pair_dot(I32 a, I32 b) noexcept { return _mm256_madd_epi16(a, b); }
  static I32 min(I32 a, I32 b) noexcept { return _mm256_min_epi32(a, b); }
  static I32 max(I32 a, I32 b) noexcept { return _mm256_max_epi32(a, b); }
  static I32 greater(I32 a, I32 b) noexcept { return _mm256_cmpgt_epi32(a, b); }
  static I32 equal(I32 a, I32 b) noexcept { return _mm256_cmpeq_epi32(a, b); }
  static I32 select(I32 mask, I32 a, I32 b) noexcept { return _mm256_blendv_epi8(b, a, mask); }
  static bool any(I32 mask) noexcept { return _mm256_movemask_epi8(mask) != 0; }
  static unsigned bits(I32 mask) noexcept {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(mask)));
  }
  static I32 bit_and(I32 a, I32 b) noexcept { return _mm256_and_si256(a, b); }
  static I32 bit_or(I32 a, I32 b) noexcept { return _mm256_or_si256(a, b); }
  static I32 bit_xor(I32 a, I32 b) noexcept { return _mm256_xor_si256(a, b); }
  static I32 shift_left(I32 v, int n) noexcept { return _mm256_sll_epi32(v, _mm_cvtsi32_si128(n)); }
  static I32 shift_right(I32 v, int n) noexcept { return _mm256_sra_epi32(v, _mm_cvtsi32_si128(n)); }
  static I32 lookup(const std::int32_t* table, I32 index) noexcept { return _mm256_i32gather_epi32(table, index, 4); }

  static I64 splat64(std::int64_t v) noexcept { return {_mm256_set1_epi64x(v), _mm256_set1_epi64x(v)}; }
  static I64 widen(I32 v) noexcept { return widen_multiply(v, splat(1)); }
  static I64 widen_multiply(I32 a, I32 b) noexcept {
    return {_mm256_mul_epi32(a, b), _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32))};
  }
  static I64 add64(I64 a, I64 b) noexcept { return {_mm256_add_epi64(a.even, b.even), _mm256_add_epi64(a.odd, b.odd)}; }
  static I64 shift_right_logical(I64 v, int n) noexcept {
    const __m128i count = _mm_cvtsi32_si128(n);
    return {_mm256_srl_epi64(v.even, count), _mm256_srl_epi64(v.odd, count)};
  }
  static I32 low_words(I64 v) noexcept { return _mm256_blend_epi32(v.even, _mm256_slli_epi64(v.odd, 32), 0xAA); }
  static I32 high_words(I64 v) noexcept { return _mm256_blend_epi32(_mm256_srli_epi64(v.even, 32), v.odd, 0xAA); }

  static I32 dot_rows(const std::int8_t* weights, std::size_t stride, const std::uint8_t* x) noexcept {
    I32 sums[lanes];
    for (I32& sum : sums) sum = _mm256_setzero_si256();
    add_dot_rows(sums, weights, stride, x, 0);
    return sum_rows(sums);
  }

  static void dot_interleaved(const std::int8_t* weights, std::size_t stride, const std::uint8_t* x,
                              I32 (&sums)[2]) noexcept {
    sums[0] = sums[1] = _mm256_setzero_si256();
    for (std::size_t c = 0; c < stride; c += column_tile) {
#pragma GCC unroll 4
      for (std::size_t four = 0; four < column_tile; four += interleaved_columns) {
        const __m256i xs = _mm256_set1_epi32(four_inputs(x + c + four));
        const std::int8_t* w = weights + (c + four) * interleaved_rows;
        _mm_prefetch(w + fetched_ahead, _MM_HINT_T0);
        sums[0] = _mm256_add_epi32(sums[0], dot_fours(xs, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w))));
        sums[1] =
            _mm256_add_epi32(sums[1], dot_fours(xs, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + 32))));
      }
    }
  }

  // The products of a whole column tile are added in 16 bits. There are 16 products of at most 15 · 127, and their sum
  // is below 2^15.
  static void dot_interleaved_u4(const std::uint8_t* weights, std::size_t stride, const std::uint8_t* x,
                                 I32 (&sums)[2]) noexcept {
    sums[0] = sums[1] = _mm256_setzero_si256();
    for (std::size_t c = 0; c < stride; c += column_tile) {
      __m256i pairs[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
#pragma GCC unroll 4
      for (std::size_t four = 0; four < column_tile; four += interleaved_columns) {
        const __m256i low = _mm256_set1_epi32(four_inputs(x + c + four));
        const __m256i high = _mm256_set1_epi32(four_inputs(x + stride + c + four));
        const std::uint8_t* w = weights + (c + four) * interleaved_rows;
        _mm_prefetch(w + fetched_ahead, _MM_HINT_T0);
        for (std::size_t half = 0; half < 2; ++half) {
          const __m256i stored = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + 32 * half));
          pairs[half] = _mm256_add_epi16(pairs[half], dot_fours_u4(stored, low, high));
        }
      }
      for (std::size_t half = 0; half < 2; ++half) {
        sums[half] = _mm256_add_epi32(sums[half], _mm256_madd_epi16(pairs[half], _mm256_set1_epi16(1)));
      }
    }
  }

  // Adds products to the partial sums of each row, from column `first` on. Legal: first a multiple of column_tile.
  static void add_dot_rows(I32 (&sums)[lanes], const std::int8_t* weights, std::size_t stride, const std::uint8_t* x,
                           std::size_t first) noexcept {
    std::size_t c = first;
    for (; c + 32 <= stride; c += 32) {
      const __m256i xs = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + c));
#pragma GCC unroll 8
      for (std::size_t r = 0; r < lanes; ++r) {
        const __m256i w = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(weights + r * stride + c));
        sums[r] = _mm256_add_epi32(sums[r], dot_fours(xs, w));
      }
    }
    if (c == stride) return;
    // Half a vector is left, so the upper halves of the sums add zeros.
    const __m256i xs = low_half(x + c);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < lanes; ++r) {
      sums[r] = _mm256_add_epi32(sums[r], dot_fours(xs, low_half(weights + r * stride + c)));
    }
  }

  static I32 dot_rows_u4(const std::uint8_t* weights, std::size_t stride, const std::uint8_t* x) noexcept {
    if (stride == column_tile) return dot_half_rows_u4(weights, x);
    I32 sums[lanes];
    for (I32& sum : sums) sum = _mm256_setzero_si256();
    add_dot_rows_u4(sums, weights, stride, x, 0);
    return sum_rows(sums);
  }

  // The instruction takes signed inputs without conversion.
  static I32 dot_rows_u4(const std::uint8_t* weights, std::size_t stride, const std::int8_t* x) noexcept {
    return dot_rows_u4(weights, stride, reinterpret_cast<const std::uint8_t*>(x));
  }

  // A row fills half a vector, so one vector holds two rows.
  static I32 dot_half_rows_u4(const std::uint8_t* weights, const std::uint8_t* x) noexcept {
    const auto twice = [](const void* p) {
      return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(p)));
    };
    const __m256i low = twice(x);
    const __m256i high = twice(x + column_tile);
    I32 pairs[lanes / 2];
#pragma GCC unroll 4
    for (std::size_t p = 0; p < lanes / 2; ++p) {
      const __m256i w = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(weights + 2 * p * column_tile));
      pairs[p] = dot_eights_u4(w, low, high);
    }
    const __m256i even_odd =
        _mm256_hadd_epi32(_mm256_hadd_epi32(pairs[0], pairs[1]), _mm256_hadd_epi32(pairs[2], pairs[3]));
    return _mm256_permutevar8x32_epi32(even_odd, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  }

  static void add_dot_rows_u4(I32 (&sums)[lanes], const std::uint8_t* weights, std::size_t stride,
                              const std::uint8_t* x, std::size_t first) noexcept {
    std::size_t c = first;
    for (; c + 32 <= stride; c += 32) {
      const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + c));
      const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + stride + c));
#pragma GCC unroll 8
      for (std::size_t r = 0; r < lanes; ++r) {
        const __m256i w = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(weights + r * stride + c));
        sums[r] = _mm256_add_epi32(sums[r], dot_eights_u4(w, low, high));
      }
    }
    if (c == stride) return;
    const __m256i low = low_half(x + c);
    const __m256i high = low_half(x + stride + c);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < lanes; ++r) {
      sums[r] = _mm256_add_epi32(sums[r], dot_eights_u4(low_half(weights + r * stride + c), low, high));
    }
  }

  // [Σ sums[0], … Σ sums[7]]
  static I32 sum_rows(const I32 (&sums)[lanes]) noexcept {
    const __m256i low = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
    const __m256i high = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[4], sums[5]), _mm256_hadd_epi32(sums[6], sums[7]));
    return _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20), _mm256_permute2x128_si256(low, high, 0x31));
  }

 protected:
  static constexpr std::size_t fetched_ahead = 2048;  // bytes

  static std::int32_t four_inputs(const std::uint8_t* x) noexcept {
    std::int32_t four;
    std::memcpy(&four, x, sizeof(four));
    return four;
  }

 private:
  // Computes 32 products and sums them in fours. maddubs adds pairs in 16 bits (at most 2 · 127 · 128 < 2^15), and madd
  // adds pairs in 32 bits.
  static __m256i dot_fours(__m256i x, __m256i w) noexcept {
    return _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1));
  }
  // Computes 64 products with two weights in each byte. dot_fours_u4 sums them in fours in 16 bits (at most 4 · 15 ·
  // 127 < 2^15). dot_eights_u4 sums them in eights.
  static __m256i dot_fours_u4(__m256i w, __m256i x_low, __m256i x_high) noexcept {
    const __m256i half_byte = _mm256_set1_epi8(15);
    const __m256i low = _mm256_maddubs_epi16(_mm256_and_si256(w, half_byte), x_low);
    const __m256i high = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(w, 4), half_byte), x_high);
    return _mm256_add_epi16(low, high);
  }
  static __m256i dot_eights_u4(__m256i w, __m256i x_low, __m256i x_high) noexcept {
    return _mm256_madd_epi16(dot_fours_u4(w, x_low, x_high), _mm256_set1_epi16(1));
  }
  static __m256i low_half(const void* p) noexcept {
    return _mm256_zextsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(p)));
  }
};

}  // namespace
}  // namespace sotto
