#include <sotto/numeric/kernels_simd128.hpp>

#if defined(__wasm_simd128__)

#include <wasm_simd128.h>

namespace sotto {
namespace {

// Adds 16 products of one row to four partial sums.
v128_t add_dot(v128_t sum, v128_t x_low, v128_t x_high, const std::int8_t* weights) noexcept {
  const v128_t low = wasm_i32x4_dot_i16x8(x_low, wasm_i16x8_load8x8(weights));
  const v128_t high = wasm_i32x4_dot_i16x8(x_high, wasm_i16x8_load8x8(weights + 8));
  return wasm_i32x4_add(sum, wasm_i32x4_add(low, high));
}

// [Σ a, Σ b, Σ c, Σ d]: a 4 × 4 transposition by shuffles, then three additions.
v128_t sum_rows(v128_t a, v128_t b, v128_t c, v128_t d) noexcept {
  const v128_t ab_low = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5);
  const v128_t ab_high = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7);
  const v128_t cd_low = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
  const v128_t cd_high = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
  const v128_t ab = wasm_i32x4_add(ab_low, ab_high);
  const v128_t cd = wasm_i32x4_add(cd_low, cd_high);
  return wasm_i32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 1, 4, 5), wasm_i32x4_shuffle(ab, cd, 2, 3, 6, 7));
}

void matvec(const std::int8_t* weights, std::size_t rows, std::size_t stride, const std::uint8_t* x,
            const std::int32_t* offset, std::int32_t* out) {
  for (std::size_t r = 0; r < rows; r += row_tile) {
    const std::int8_t* w = weights + r * stride;
    v128_t sum0 = wasm_i32x4_splat(0);
    v128_t sum1 = sum0;
    v128_t sum2 = sum0;
    v128_t sum3 = sum0;
    for (std::size_t c = 0; c < stride; c += 16) {
      const v128_t x_low = wasm_u16x8_load8x8(x + c);
      const v128_t x_high = wasm_u16x8_load8x8(x + c + 8);
      sum0 = add_dot(sum0, x_low, x_high, w + c);
      sum1 = add_dot(sum1, x_low, x_high, w + stride + c);
      sum2 = add_dot(sum2, x_low, x_high, w + 2 * stride + c);
      sum3 = add_dot(sum3, x_low, x_high, w + 3 * stride + c);
    }
    wasm_v128_store(out + r, wasm_i32x4_add(wasm_v128_load(offset + r), sum_rows(sum0, sum1, sum2, sum3)));
  }
}

}  // namespace

const Kernels& simd128_kernels() noexcept {
  static constexpr Kernels kernels{"simd128", matvec};
  return kernels;
}

}  // namespace sotto

#endif
