// A matrix in the form that the kernels read. If its rows are whole tiles, it refers to the model's bytes. Rows of
// 4-bit weights always are. Otherwise it is a copy padded with zeros. It also has the offsets that cancel the zero
// point of its 7-bit input, and an interleaved copy if the kernels use one.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/matrix_s4.hpp>
#include <sotto/numeric/formats.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstdint>
#include <span>

namespace sotto {

// Movable, not copyable. It points into the values from which it was packed.
struct PackedMatrix {
  std::size_t rows = 0;
  std::size_t stride = 0;  // bytes of a row, whole tiles
  const std::int8_t* weights = nullptr;    // [rows × stride], row-major: the model's, or `padded`; null without rows
  std::span<const std::int32_t> multiplier;  // [rows], the model's
  AlignedBuffer<std::int32_t> offset;      // [rows]: -zero point · Σ row
  AlignedBuffer<std::int8_t> padded;       // empty where the model's rows are whole tiles
  AlignedBuffer<std::int8_t> interleaved;  // a copy of the weights (KernelMatrix); empty without interleave()

  // The copy that the kernels read fastest.
  [[nodiscard]] KernelMatrix view() const noexcept {
    const bool has_copy = interleaved.size() != 0;
    return {has_copy ? interleaved.data() : weights, offset.data(), rows, stride, has_copy};
  }
};

// values: row-major [rows × cols]; multiplier: [rows]. Both must outlive the result.
[[nodiscard]] PackedMatrix pack(std::span<const std::int8_t> values, std::size_t rows, std::size_t cols,
                                std::span<const std::int32_t> multiplier, const Kernels& kernels);
[[nodiscard]] PackedMatrix pack(const MatrixS4& matrix, std::span<const std::int32_t> multiplier,
                                const Kernels& kernels);
// Adds the interleaved copy if the kernels have an order of their own.
void interleave(PackedMatrix& matrix, const Kernels& kernels);

}  // namespace sotto
