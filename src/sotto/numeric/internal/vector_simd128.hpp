// Four int32 lanes in WebAssembly SIMD (vector_kernels.hpp specifies each function).
#pragma once

#include <wasm_simd128.h>

#include <cstddef>
#include <cstdint>

namespace sotto {
namespace {

struct VectorSimd128 {
  using I32 = v128_t;
  struct I64 {  // values 0, 1 and 2, 3
    v128_t low;
    v128_t high;
  };
  static constexpr std::size_t lanes = 4;
  static constexpr bool interleaves = false;

  static I32 load(const std::int32_t* p) noexcept { return wasm_v128_load(p); }
  static void store(std::int32_t* p, I32 v) noexcept { wasm_v128_store(p, v); }
  static I32 load_s16(const std::int16_t* p) noexcept { return wasm_i32x4_load16x4(p); }
  static void store_s16(std::int16_t* p, I32 v) noexcept {
    wasm_v128_store64_lane(p, wasm_i16x8_narrow_i32x4(v, v), 0);
  }
  static void store_u8(std::uint8_t* p, I32 v) noexcept {
    const v128_t words = wasm_i16x8_narrow_i32x4(v, v);
    wasm_v128_store32_lane(p, wasm_u8x16_narrow_i16x8(words, words), 0);
  }

  static I32 splat(std::int32_t v) noexcept { return wasm_i32x4_splat(v); }
  static I32 add(I32 a, I32 b) noexcept { return wasm_i32x4_add(a, b); }
  static I32 multiply(I32 a, I32 b) noexcept { return wasm_i32x4_mul(a, b); }
  static I32 pair_dot(I32 a, I32 b) noexcept { return wasm_i32x4_dot_i16x8(a, b); }
  static I32 min(I32 a, I32 b) noexcept { return wasm_i32x4_min(a, b); }
  static I32 max(I32 a, I32 b) noexcept { return wasm_i32x4_max(a, b); }
  static I32 greater(I32 a, I32 b) noexcept { return wasm_i32x4_gt(a, b); }
  static I32 equal(I32 a, I32 b) noexcept { return wasm_i32x4_eq(a, b); }
  static I32 select(I32 mask, I32 a, I32 b) noexcept { return wasm_v128_bitselect(a, b, mask); }
  static bool any(I32 mask) noexcept { return wasm_v128_any_true(mask); }
  static unsigned bits(I32 mask) noexcept { return wasm_i32x4_bitmask(mask); }
  static I32 bit_and(I32 a, I32 b) noexcept { return wasm_v128_and(a, b); }
  static I32 bit_or(I32 a, I32 b) noexcept { return wasm_v128_or(a, b); }
  static I32 bit_xor(I32 a, I32 b) noexcept { return wasm_v128_xor(a, b); }
  static I32 shift_left(I32 v, int n) noexcept { return wasm_i32x4_shl(v, static_cast<std::uint32_t>(n)); }
  static I32 shift_right(I32 v, int n) noexcept { return wasm_i32x4_shr(v, static_cast<std::uint32_t>(n)); }
  static I32 lookup(const std::int32_t* table, I32 index) noexcept {
    I32 values = wasm_v128_load32_zero(table + wasm_i32x4_extract_lane(index, 0));
    values = wasm_v128_load32_lane(table + wasm_i32x4_extract_lane(index, 1), values, 1);
    values = wasm_v128_load32_lane(table + wasm_i32x4_extract_lane(index, 2), values, 2);
    return wasm_v128_load32_lane(table + wasm_i32x4_extract_lane(index, 3), values, 3);
  }

  static I64 splat64(std::int64_t v) noexcept { return {wasm_i64x2_splat(v), wasm_i64x2_splat(v)}; }
  static I64 widen(I32 v) noexcept { return {wasm_i64x2_extend_low_i32x4(v), wasm_i64x2_extend_high_i32x4(v)}; }
  static I64 widen_multiply(I32 a, I32 b) noexcept {
    return {wasm_i64x2_extmul_low_i32x4(a, b), wasm_i64x2_extmul_high_i32x4(a, b)};
  }
  static I64 add64(I64 a, I64 b) noexcept { return {wasm_i64x2_add(a.low, b.low), wasm_i64x2_add(a.high, b.high)}; }
  static I64 shift_right_logical(I64 v, int n) noexcept {
    const auto count = static_cast<std::uint32_t>(n);
    return {wasm_u64x2_shr(v.low, count), wasm_u64x2_shr(v.high, count)};
  }
  static I32 low_words(I64 v) noexcept { return wasm_i32x4_shuffle(v.low, v.high, 0, 2, 4, 6); }
  static I32 high_words(I64 v) noexcept { return wasm_i32x4_shuffle(v.low, v.high, 1, 3, 5, 7); }

  static I32 dot_rows(const std::int8_t* weights, std::size_t stride, const std::uint8_t* x) noexcept {
    v128_t sum0 = wasm_i32x4_splat(0);
    v128_t sum1 = sum0;
    v128_t sum2 = sum0;
    v128_t sum3 = sum0;
    for (std::size_t c = 0; c < stride; c += 16) {
      const Inputs xs = inputs(x + c);
      const std::int8_t* w = weights + c;
      sum0 = add_dot(sum0, xs, w);
      sum1 = add_dot(sum1, xs, w + stride);
      sum2 = add_dot(sum2, xs, w + 2 * stride);
      sum3 = add_dot(sum3, xs, w + 3 * stride);
    }
    return sum_rows(sum0, sum1, sum2, sum3);
  }

  template <class Input>
  static I32 dot_rows_u4(const std::uint8_t* weights, std::size_t stride, const Input* x) noexcept {
    v128_t sum0 = wasm_i32x4_splat(0);
    v128_t sum1 = sum0;
    v128_t sum2 = sum0;
    v128_t sum3 = sum0;
    for (std::size_t c = 0; c < stride; c += 16) {
      const Inputs low = inputs(x + c);
      const Inputs high = inputs(x + stride + c);
      const std::uint8_t* w = weights + c;
      sum0 = add_dot_u4(sum0, low, high, w);
      sum1 = add_dot_u4(sum1, low, high, w + stride);
      sum2 = add_dot_u4(sum2, low, high, w + 2 * stride);
      sum3 = add_dot_u4(sum3, low, high, w + 3 * stride);
    }
    return sum_rows(sum0, sum1, sum2, sum3);
  }

 private:
  // 16 inputs in the form that the products read. add_dot adds 16 products of one row to four partial sums.
#if defined(__wasm_relaxed_simd__)
  using Inputs = v128_t;
  static Inputs inputs(const void* x) noexcept { return wasm_v128_load(x); }
  // The result is exact and the same on every machine, because x has 7 bits and a pair of products fits 16 bits.
  static v128_t add_dot(v128_t sum, v128_t x, const std::int8_t* weights) noexcept {
    return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_v128_load(weights), x, sum);
  }
  static v128_t add_dot(v128_t sum, Inputs x, v128_t weights_u4) noexcept {
    return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(x, weights_u4, sum);
  }
#else
  struct Inputs {
    v128_t low;
    v128_t high;
  };
  static Inputs inputs(const std::uint8_t* x) noexcept { return {wasm_u16x8_load8x8(x), wasm_u16x8_load8x8(x + 8)}; }
  static Inputs inputs(const std::int8_t* x) noexcept { return {wasm_i16x8_load8x8(x), wasm_i16x8_load8x8(x + 8)}; }
  static v128_t add_dot(v128_t sum, Inputs x, const std::int8_t* weights) noexcept {
    const v128_t low = wasm_i32x4_dot_i16x8(x.low, wasm_i16x8_load8x8(weights));
    const v128_t high = wasm_i32x4_dot_i16x8(x.high, wasm_i16x8_load8x8(weights + 8));
    return wasm_i32x4_add(sum, wasm_i32x4_add(low, high));
  }
  static v128_t add_dot(v128_t sum, Inputs x, v128_t weights_u4) noexcept {
    const v128_t low = wasm_i32x4_dot_i16x8(x.low, wasm_u16x8_extend_low_u8x16(weights_u4));
    const v128_t high = wasm_i32x4_dot_i16x8(x.high, wasm_u16x8_extend_high_u8x16(weights_u4));
    return wasm_i32x4_add(sum, wasm_i32x4_add(low, high));
  }
#endif

  // Each of the 16 bytes has two weights. The code shifts 16-bit words: x86 has no shift of bytes, and V8 needs five
  // instructions for one.
  static v128_t add_dot_u4(v128_t sum, Inputs x_low, Inputs x_high, const std::uint8_t* weights) noexcept {
    const v128_t half_byte = wasm_i8x16_splat(15);
    const v128_t w = wasm_v128_load(weights);
    const v128_t with_low = add_dot(sum, x_low, wasm_v128_and(w, half_byte));
    return add_dot(with_low, x_high, wasm_v128_and(wasm_u16x8_shr(w, 4), half_byte));
  }

  // [Σ a, Σ b, Σ c, Σ d]: shuffles transpose the 4 × 4 values, and three additions follow.
  static v128_t sum_rows(v128_t a, v128_t b, v128_t c, v128_t d) noexcept {
    const v128_t ab_low = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5);
    const v128_t ab_high = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7);
    const v128_t cd_low = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
    const v128_t cd_high = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
    const v128_t ab = wasm_i32x4_add(ab_low, ab_high);
    const v128_t cd = wasm_i32x4_add(cd_low, cd_high);
    return wasm_i32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 1, 4, 5), wasm_i32x4_shuffle(ab, cd, 2, 3, 6, 7));
  }
};

}  // namespace
}  // namespace sotto
