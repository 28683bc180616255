// A matrix of 4-bit weights -8 … 7, with two weights in each byte. The model file stores this layout, and the kernels
// read it (numeric/kernels.hpp, KernelMatrixS4).
#pragma once

#include <sotto/model/weight_values.hpp>
#include <sotto/numeric/weights_s4.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto {

struct MatrixS4 {
  std::uint32_t rows = 0;
  std::uint32_t cols = 0;
  WeightValues bytes;  // [rows × stride]; the weights after a row's last column are 0

  MatrixS4() = default;
  // All weights are 0.
  MatrixS4(std::uint32_t row_count, std::uint32_t col_count)
      : rows(row_count),
        cols(col_count),
        bytes(std::vector<std::int8_t>(row_count * stride_s4(col_count),
                                       static_cast<std::int8_t>(weight_s4_zero_point * 0x11))) {}

  [[nodiscard]] std::size_t stride() const noexcept { return stride_s4(cols); }
  [[nodiscard]] const std::uint8_t* row(std::size_t r) const noexcept {
    return reinterpret_cast<const std::uint8_t*>(bytes.data()) + r * stride();
  }
  // Precondition: the matrix owns its bytes.
  void set(std::size_t r, std::size_t c, std::int32_t weight) noexcept {
    set_weight_s4(reinterpret_cast<std::uint8_t*>(&bytes[r * stride()]), stride(), c, weight);
  }
};

}  // namespace sotto
