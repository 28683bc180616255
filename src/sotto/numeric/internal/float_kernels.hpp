// float32 loops for learning a head on the device, with the same bits in every build: eight lanes that are added up in
// a fixed order, no fused multiplication and addition (-ffp-contract=off), no function of a machine's libm.
//
// Written in the compilers' vector extension, which becomes AVX2, wasm SIMD or plain code by the flags of the file that
// includes this, hence the unnamed namespace.
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

// ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7))
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

// e^x for x ≤ 0 to about 2 units in the last place, 0 below -87: x = k ln 2 + r with |r| ≤ ln 2 / 2, then the
// polynomial of Cephes' expf (S. Moshier), then 2^k by the exponent's bits.
[[gnu::always_inline]] inline void exponentials(F32x8& x) noexcept {
  const F32x8 lowest = F32x8{} - 87.0F;
  const S32x8 tiny = x < lowest;
  x = tiny ? lowest : x;
  // Rounded to the nearest integer by adding and taking off 1.5 · 2^23: |x / ln 2| < 2^22.
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
  const S32x8 exponent = (bits - 0x4B400000 + 127) << 23;  // 0x4B400000: the bits of 1.5 · 2^23
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

// Left to the compilers' own vectors: clang takes vectors of eight bytes apart for WebAssembly, four times as slow.
inline void add_rows_s8(std::span<const ScaledRow> rows, std::size_t columns, float* out) {
  for (const auto& [weights, factor] : rows) {
    for (std::size_t c = 0; c < columns; ++c) out[c] += factor * static_cast<float>(weights[c]);
  }
}

}  // namespace
}  // namespace sotto
