// float32 loops for learning a head on the device. They give the same bits in every build. Eight lanes are summed in a
// fixed order, multiplication and addition are not fused (-ffp-contract=off), and no libm function is called.
//
// The loops use the compilers' vector extension. It compiles to AVX2, wasm SIMD or plain code, depending on the flags
// of the file that includes this header. The unnamed namespace therefore keeps each file's copy separate.
#pragma once

#include <sotto/numeric/kernels.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sotto {
namespace {

using F32x8 = float __attribute__((vector_size(32)));
using S32x8 = std::int32_t __attribute__((vector_size(32)));

[[gnu::always_inline]] inline void load(const float* p, F32x8& v) noexcept { std::memcpy(&v, p, sizeof v); }
[[gnu::always_inline]] inline void store(float* p, const F32x8& v) noexcept { std::memcpy(p, &v, sizeof v); }

// The order of the sum is ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)).
[[gnu::always_inline]] inline float lane_sum(const F32x8& v) noexcept {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

// Four rows share each load of x.
inline void dot_rows_f32(const FloatRows& rows, const float* x, const float* bias, float* out) {
  std::size_t r = 0;
  for (; r + 4 <= rows.count; r += 4) {
    const float* w = rows.values + r * rows.stride;
    F32x8 sum[4] = {};
    for (std::size_t c = 0; c < rows.stride; c += float_tile) {
      F32x8 xs;
      load(x + c, xs);
#pragma GCC unroll 4
      for (std::size_t k = 0; k < 4; ++k) {
        F32x8 ws;
        load(w + k * rows.stride + c, ws);
        sum[k] += ws * xs;
      }
    }
#pragma GCC unroll 4
    for (std::size_t k = 0; k < 4; ++k) out[r + k] = bias[r + k] + lane_sum(sum[k]);
  }
  for (; r < rows.count; ++r) {
    F32x8 sum{};
    for (std::size_t c = 0; c < rows.stride; c += float_tile) {
      F32x8 xs;
      F32x8 ws;
      load(x + c, xs);
      load(rows.values + r * rows.stride + c, ws);
      sum += ws * xs;
    }
    out[r] = bias[r] + lane_sum(sum);
  }
}

// e^x for x ≤ 0, with an error of about 2 units in the last place. The result is 0 below -87. The argument is split
// into x = k ln 2 + r with |r| ≤ ln 2 / 2. The polynomial for r is that of Cephes' expf (S. Moshier). The factor 2^k is
// built from the bits of the exponent.
[[gnu::always_inline]] inline void exponentials(F32x8& x) noexcept {
  const F32x8 lowest = F32x8{} - 87.0F;
  const S32x8 tiny = x < lowest;
  x = tiny ? lowest : x;
  // Adding and subtracting 1.5 · 2^23 rounds to the nearest integer, because |x / ln 2| < 2^22.
  constexpr float magic = 12582912.0F;
  F32x8 k = x * 1.44269504088896341F + magic;
  S32x8 bits;
  std::memcpy(&bits, &k, sizeof bits);
  k -= magic;
  const F32x8 r = (x - k * 0.693359375F) - k * -2.12194440e-4F;
  F32x8 p = r * 1.9875691500E-4F + 1.3981999507E-3F;
  p = p * r + 8.3334519073E-3F;
  p = p * r + 4.1665795894E-2F;
  p = p * r + 1.6666665459E-1F;
  p = p * r + 5.0000001201E-1F;
  p = (p * (r * r) + r) + 1.0F;
  const S32x8 exponent = (bits - 0x4B400000 + 127) << 23;  // 0x4B400000 has the bits of 1.5 · 2^23
  F32x8 scale;
  std::memcpy(&scale, &exponent, sizeof scale);
  p *= scale;
  x = tiny ? F32x8{} : p;
}

inline float softmax_f32(float* values, std::size_t count) {
  F32x8 peaks = F32x8{} + values[0];
  for (std::size_t i = 0; i < count; i += float_tile) {
    F32x8 v;
    load(values + i, v);
    peaks = v > peaks ? v : peaks;
  }
  float peak = peaks[0];
  for (std::size_t k = 1; k < float_tile; ++k) peak = peaks[k] > peak ? peaks[k] : peak;
  F32x8 sums{};
  for (std::size_t i = 0; i < count; i += float_tile) {
    F32x8 v;
    load(values + i, v);
    v -= peak;
    exponentials(v);
    store(values + i, v);
    sums += v;
  }
  const float total = lane_sum(sums);
  const float scale = 1.0F / total;
  for (std::size_t i = 0; i < count; i += float_tile) {
    F32x8 v;
    load(values + i, v);
    v *= scale;
    store(values + i, v);
  }
  return total;
}

// This loop leaves vectorization to the compiler. With explicit vectors of eight bytes, clang splits them for
// WebAssembly, which takes four times as long.
inline void add_rows_s8(std::span<const ScaledRow> rows, std::size_t columns, float* out) {
  for (const auto& [weights, factor] : rows) {
    for (std::size_t c = 0; c < columns; ++c) out[c] += factor * static_cast<float>(weights[c]);
  }
}

}  // namespace
}  // namespace sotto
