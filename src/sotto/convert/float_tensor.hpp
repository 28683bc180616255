// A weight from another program's file: float32 values with a shape.
#pragma once

#include <sotto/model/float_model.hpp>
#include <sotto/model/internal/safetensors.hpp>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace sotto::convert {

struct FloatTensor {
  TensorShape shape;
  std::vector<float> values;  // row-major; the count matches the shape exactly
};

// Returns the number of values of a shape, or nothing if it overflows.
[[nodiscard]] inline std::optional<std::uint64_t> element_count(const TensorShape& shape) noexcept {
  std::uint64_t count = 1;
  for (const std::uint64_t extent : shape) {
    if (__builtin_mul_overflow(count, extent, &count)) return std::nullopt;
  }
  return count;
}

// Preconditions of both: two dimensions, each below 2^32.
[[nodiscard]] inline MatrixF32 to_matrix(FloatTensor tensor) {
  MatrixF32 matrix;
  matrix.rows = static_cast<std::uint32_t>(tensor.shape[0]);
  matrix.cols = static_cast<std::uint32_t>(tensor.shape[1]);
  matrix.values = std::move(tensor.values);
  return matrix;
}

[[nodiscard]] inline MatrixF32 transposed(const FloatTensor& tensor) {
  MatrixF32 matrix(static_cast<std::uint32_t>(tensor.shape[1]), static_cast<std::uint32_t>(tensor.shape[0]));
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t c = 0; c < matrix.cols; ++c) matrix.row(r)[c] = tensor.values[c * matrix.rows + r];
  }
  return matrix;
}

}  // namespace sotto::convert
