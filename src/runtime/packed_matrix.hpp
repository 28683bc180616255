// An int8 matrix as the kernels want it: rows and columns padded with zeros, aligned, with the offsets that
// undo the zero point of its 7-bit input.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstdint>
#include <span>

namespace sotto {

// Activations -64 … 63 are stored as 0 … 127.
inline constexpr std::int32_t activation_zero_point = 64;

struct PackedMatrix {
  std::size_t rows = 0;         // as in the model
  std::size_t padded_rows = 0;  // a multiple of row_tile
  std::size_t stride = 0;       // padded columns, a multiple of column_tile
  AlignedBuffer<std::int8_t> weights;     // [padded_rows × stride]
  AlignedBuffer<std::int32_t> offset;     // [padded_rows]: -zero point · Σ row
  AlignedBuffer<std::int32_t> multiplier;  // [padded_rows]; 1 in the padding

  void multiply(const Kernels& kernels, const std::uint8_t* x, std::int32_t* out) const noexcept {
    kernels.matvec(weights.data(), padded_rows, stride, x, offset.data(), out);
  }
};

// values: row-major [rows × cols]; multiplier: [rows].
[[nodiscard]] PackedMatrix pack(std::span<const std::int8_t> values, std::size_t rows, std::size_t cols,
                                std::span<const std::int32_t> multiplier);

}  // namespace sotto
