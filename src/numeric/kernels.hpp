// The int8 matrix-vector product in its tiers. Every tier gives the same integers: products of int8 and
// 7-bit unsigned values cannot saturate any tier's 16-bit intermediate (docs/numbers.md).
#pragma once

#include <cstddef>
#include <cstdint>

namespace sotto {

// Rows are padded to whole vectors of the widest tier with zero weights; the padding of x is read but
// multiplied by zero. Row counts are padded to whole tiles.
inline constexpr std::size_t column_tile = 32;
inline constexpr std::size_t row_tile = 4;

[[nodiscard]] constexpr std::size_t round_up(std::size_t value, std::size_t multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

// out[r] = offset[r] + Σ_c weights[r · stride + c] · x[c]
//   weights: int8, row-major, `rows` × `stride`; rows a multiple of row_tile, stride of column_tile
//   x:       uint8, 0 … 127, `stride` entries
// Legal: stride ≤ 4096 (max_dim), so that |Σ| ≤ 4096 · 128 · 127 < 2^26. Pointers are 32-byte aligned.
using MatvecU7S8 = void (*)(const std::int8_t* weights, std::size_t rows, std::size_t stride, const std::uint8_t* x,
                            const std::int32_t* offset, std::int32_t* out);

struct Kernels {
  const char* name;
  MatvecU7S8 matvec;
};

// The readable one that the others are tested against.
[[nodiscard]] const Kernels& reference_kernels() noexcept;
// The fastest that this processor and build can run.
[[nodiscard]] const Kernels& best_kernels() noexcept;

}  // namespace sotto
