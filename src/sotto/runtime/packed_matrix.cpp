#include <sotto/runtime/packed_matrix.hpp>

#include <algorithm>

namespace sotto {

PackedMatrix pack(std::span<const std::int8_t> values, std::size_t rows, std::size_t cols,
                  std::span<const std::int32_t> multiplier, const Kernels& kernels) {
  PackedMatrix packed;
  packed.rows = rows;
  packed.stride = round_up(cols, column_tile);
  packed.multiplier = multiplier;
  packed.offset = AlignedBuffer<std::int32_t>(rows);
  const bool padded = packed.stride != cols;
  if (padded) {
    packed.padded = AlignedBuffer<std::int8_t>(rows * packed.stride);
    for (std::size_t r = 0; r < rows; ++r) {
      std::ranges::copy(values.subspan(r * cols, cols), packed.padded.data() + r * packed.stride);
    }
  }
  packed.weights = padded ? packed.padded.data() : values.data();
  // Σ row is the product with ones. The kernels compute it fast from the first call, which matters for a page's start.
  AlignedBuffer<std::uint8_t> ones(packed.stride);
  std::ranges::fill(ones.span(), std::uint8_t{1});
  const AlignedBuffer<std::int32_t> zeros(rows);
  kernels.matmul({packed.weights, zeros.data(), rows, packed.stride}, ones.data(), 1, packed.offset.data(), rows);
  for (std::int32_t& sum : packed.offset.span()) sum *= -activation_zero_point;
  return packed;
}

PackedMatrix pack(const MatrixS4& matrix, std::span<const std::int32_t> multiplier, const Kernels& kernels) {
  PackedMatrix packed;
  packed.rows = matrix.rows;
  packed.stride = matrix.stride();
  packed.multiplier = multiplier;
  packed.offset = AlignedBuffer<std::int32_t>(matrix.rows);
  packed.weights = matrix.bytes.data();
  // Σ row is the score of ones: 2 · Σ / 2^1.
  AlignedBuffer<std::uint8_t> ones(2 * packed.stride);
  std::ranges::fill(ones.span(), std::uint8_t{1});
  const AlignedBuffer<std::int32_t> zeros(matrix.rows);
  AlignedBuffer<std::int32_t> twos(matrix.rows);
  std::ranges::fill(twos.span(), 2);
  const int down = 1;
  std::int32_t* const sums = packed.offset.data();
  kernels.scores_s4({matrix.row(0), zeros.data(), packed.rows, packed.stride}, {ones.data(), &down, 1},
                    {twos.data(), zeros.data()}, &sums);
  for (std::int32_t& sum : packed.offset.span()) sum *= -activation_zero_point;
  return packed;
}

void interleave(PackedMatrix& matrix, const Kernels& kernels) {
  if (kernels.interleave == nullptr) return;
  matrix.interleaved = AlignedBuffer<std::int8_t>(matrix.rows * matrix.stride);
  kernels.interleave(matrix.weights, matrix.rows, matrix.stride, matrix.interleaved.data());
}

}  // namespace sotto
