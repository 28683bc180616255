// An item's vector in the model. It has int8 values, or the 4-bit weights of a tied head.
#pragma once

#include <sotto/model/matrix_s4.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

class EmbeddingRow {
 public:
  explicit EmbeddingRow(std::span<const std::int8_t> values) noexcept
      : bytes_(reinterpret_cast<const std::uint8_t*>(values.data())), size_(values.size()) {}
  EmbeddingRow(const MatrixS4& matrix, std::size_t row) noexcept
      : bytes_(matrix.row(row)), size_(matrix.cols), stride_s4_(matrix.stride()) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // out: [size()]
  void copy_to(std::int16_t* out) const noexcept;
  // |Σ| ≤ 4096 · 2^14 = 2^26. Precondition: both rows belong to the same model.
  [[nodiscard]] std::int32_t dot(const EmbeddingRow& other) const noexcept;

 private:
  const std::uint8_t* bytes_;
  std::size_t size_;
  std::size_t stride_s4_ = 0;  // 0: int8 values
};

}  // namespace sotto
