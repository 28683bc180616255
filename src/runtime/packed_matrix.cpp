#include <sotto/runtime/packed_matrix.hpp>

#include <algorithm>
#include <numeric>

namespace sotto {

PackedMatrix pack(std::span<const std::int8_t> values, std::size_t rows, std::size_t cols,
                  std::span<const std::int32_t> multiplier) {
  PackedMatrix packed;
  packed.rows = rows;
  packed.padded_rows = round_up(rows, row_tile);
  packed.stride = round_up(cols, column_tile);
  packed.weights = AlignedBuffer<std::int8_t>(packed.padded_rows * packed.stride);
  packed.offset = AlignedBuffer<std::int32_t>(packed.padded_rows);
  packed.multiplier = AlignedBuffer<std::int32_t>(packed.padded_rows);
  std::ranges::fill(packed.multiplier.span(), 1);
  std::ranges::copy(multiplier, packed.multiplier.data());
  for (std::size_t r = 0; r < rows; ++r) {
    const auto row = values.subspan(r * cols, cols);
    std::ranges::copy(row, packed.weights.data() + r * packed.stride);
    packed.offset[r] = -activation_zero_point * std::accumulate(row.begin(), row.end(), std::int32_t{0});
  }
  return packed;
}

}  // namespace sotto
