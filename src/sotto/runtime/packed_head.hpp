// The head in the form that the kernels read: int8 rows, or rows of 4-bit weights.
#pragma once

#include <sotto/model/fixed_model.hpp>
#include <sotto/numeric/kernels.hpp>
#include <sotto/runtime/packed_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

class PackedHead;

// Memory for copies of any rows of a head, so that one kernel call scores all of them.
class GatheredRows {
 public:
  // max_rows: a multiple of column_tile.
  GatheredRows(const PackedHead& head, std::size_t max_rows);

 private:
  friend class PackedHead;
  AlignedBuffer<std::int8_t> weights_;  // [max_rows × the head's stride]
  AlignedBuffer<std::int32_t> offset_, multiplier_, bias_;  // [max_rows]
};

class PackedHead {
 public:
  // `weights` must outlive the head.
  PackedHead(const FixedWeights& weights, const Architecture& architecture, const Kernels& kernels);

  // Writes out[n][r], r < rows: the logits, Q15.16. Each input has input_size() 7-bit values. The values behind the
  // last column may be any of 0 … 127. down[n] is the right shift of sum · multiplier, 1 … 30.
  void scores(const Kernels& kernels, const ScoreInputs& inputs, std::int32_t* const* out) const noexcept;

  // The same without the biases.
  void products(const Kernels& kernels, const ScoreInputs& inputs, std::int32_t* const* out) const noexcept;

  // Writes out[i], the logit of items[i] for one input, equal to the result of scores(). Precondition: there are at
  // most `max_rows` of the memory's rows, and `out` has room for all of them.
  void scores_of(const Kernels& kernels, std::span<const std::uint32_t> items, const std::uint8_t* input_u7, int down,
                 GatheredRows& memory, std::int32_t* out) const noexcept;

  // Starts to prefetch the data of an item for a later call of scores_of.
  void prefetch(std::uint32_t item) const noexcept {
    __builtin_prefetch(matrix_.weights + item * matrix_.stride);
    __builtin_prefetch(matrix_.offset.data() + item);
    __builtin_prefetch(matrix_.multiplier.data() + item);
    __builtin_prefetch(bias_.data() + item);
  }

  [[nodiscard]] std::size_t input_size() const noexcept { return (four_bits_ ? 2 : 1) * matrix_.stride; }
  [[nodiscard]] bool has_four_bits() const noexcept { return four_bits_; }
  [[nodiscard]] std::int32_t weight(std::size_t row, std::size_t column) const noexcept;
  // A row's scale at 2^-30, and its bias in Q15.16.
  [[nodiscard]] std::int32_t multiplier(std::size_t row) const noexcept { return matrix_.multiplier[row]; }
  [[nodiscard]] std::int32_t bias(std::size_t row) const noexcept { return bias_[row]; }

  [[nodiscard]] std::size_t row_bytes() const noexcept { return matrix_.stride; }
  // The rows with their padding, in row-major order.
  [[nodiscard]] std::span<const std::int8_t> bytes() const noexcept {
    return {matrix_.weights, matrix_.rows * matrix_.stride};
  }
  // The bytes that scores() reads: the row-major ones, or their copy in the kernels' order.
  [[nodiscard]] std::span<const std::int8_t> scored_bytes() const noexcept {
    return {matrix_.view().weights, matrix_.rows * matrix_.stride};
  }

 private:
  void scores(const Kernels& kernels, const KernelMatrix& matrix, const ScoreInputs& inputs, const ScoreScale& scale,
              std::int32_t* const* out) const noexcept;

  bool four_bits_;
  PackedMatrix matrix_;
  std::span<const std::int32_t> bias_;  // [rows]
};

}  // namespace sotto
