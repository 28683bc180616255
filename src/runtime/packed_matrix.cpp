#include <sotto/runtime/packed_matrix.hpp>

#include <algorithm>
#include <numeric>

namespace sotto {

PackedMatrix pack(std::span<const std::int8_t> values, std::size_t rows, std::size_t cols,
                  std::span<const std::int32_t> multiplier) {
  PackedMatrix packed;
  packed.rows = rows;
  packed.stride = round_up(cols, column_tile);
  packed.multiplier = multiplier;
  packed.offset = AlignedBuffer<std::int32_t>(rows);
  const bool padded = packed.stride != cols;
  if (padded) packed.padded = AlignedBuffer<std::int8_t>(rows * packed.stride);
  packed.weights = padded ? packed.padded.data() : values.data();
  for (std::size_t r = 0; r < rows; ++r) {
    const auto row = values.subspan(r * cols, cols);
    if (padded) std::ranges::copy(row, packed.padded.data() + r * packed.stride);
    packed.offset[r] = -activation_zero_point * std::accumulate(row.begin(), row.end(), std::int32_t{0});
  }
  return packed;
}

PackedMatrix pack(const MatrixS4& matrix, std::span<const std::int32_t> multiplier) {
  PackedMatrix packed;
  packed.rows = matrix.rows;
  packed.stride = matrix.stride();
  packed.multiplier = multiplier;
  packed.offset = AlignedBuffer<std::int32_t>(matrix.rows);
  packed.weights = matrix.bytes.data();
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    std::int32_t sum = 0;
    for (std::size_t c = 0; c < matrix.cols; ++c) sum += weight_s4(matrix.row(r), packed.stride, c);
    packed.offset[r] = -activation_zero_point * sum;
  }
  return packed;
}

}  // namespace sotto
