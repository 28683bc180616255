#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/packed_head.hpp>

#include <cstring>

namespace sotto {
namespace {

// Larger heads do not fit in the caches. Their speed is the same in any order, and a copy of them would take noticeable
// memory.
constexpr std::size_t max_interleaved_bytes = std::size_t{16} << 20;

}  // namespace

PackedHead::PackedHead(const FixedWeights& weights, const Architecture& architecture, const Kernels& kernels)
    : four_bits_(weights.head_s4.rows != 0),
      matrix_(four_bits_ ? pack(weights.head_s4, weights.head_multiplier, kernels)
                         : pack(weights.head_values(), architecture.head_rows(), architecture.hidden_dim,
                                weights.head_multiplier, kernels)),
      bias_(weights.head_bias) {
  if (matrix_.rows * matrix_.stride <= max_interleaved_bytes) interleave(matrix_, kernels);
}

GatheredRows::GatheredRows(const PackedHead& head, std::size_t max_rows)
    : weights_(max_rows * head.row_bytes()), offset_(max_rows), multiplier_(max_rows), bias_(max_rows) {}

void PackedHead::scores(const Kernels& kernels, const ScoreInputs& inputs, std::int32_t* const* out) const noexcept {
  scores(kernels, matrix_.view(), inputs, {matrix_.multiplier.data(), bias_.data()}, out);
}

// Whole tiles are scored. The values behind the last row have no effect.
void PackedHead::products(const Kernels& kernels, const ScoreInputs& inputs, std::int32_t* const* out) const noexcept {
  scores(kernels, inputs, out);
  for (std::size_t n = 0; n < inputs.count; ++n) {
    for (std::size_t r = 0; r < matrix_.rows; ++r) {
      out[n][r] = saturate<std::int32_t>(std::int64_t{out[n][r]} - bias_[r]);
    }
  }
}

void PackedHead::scores_of(const Kernels& kernels, std::span<const std::uint32_t> items, const std::uint8_t* input_u7,
                           int down, GatheredRows& memory, std::int32_t* out) const noexcept {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t item = items[i];
    std::memcpy(memory.weights_.data() + i * matrix_.stride, matrix_.weights + item * matrix_.stride, matrix_.stride);
    memory.offset_[i] = matrix_.offset[item];
    memory.multiplier_[i] = matrix_.multiplier[item];
    memory.bias_[i] = bias_[item];
  }
  const KernelMatrix rows{memory.weights_.data(), memory.offset_.data(), round_up(items.size(), column_tile),
                          matrix_.stride};
  scores(kernels, rows, {input_u7, &down, 1}, {memory.multiplier_.data(), memory.bias_.data()}, &out);
}

void PackedHead::scores(const Kernels& kernels, const KernelMatrix& matrix, const ScoreInputs& inputs,
                        const ScoreScale& scale, std::int32_t* const* out) const noexcept {
  if (four_bits_) {
    const auto* weights = reinterpret_cast<const std::uint8_t*>(matrix.weights);
    kernels.scores_s4({weights, matrix.offset, matrix.rows, matrix.stride, matrix.interleaved}, inputs, scale, out);
  } else {
    kernels.scores(matrix, inputs, scale, out);
  }
}

std::int32_t PackedHead::weight(std::size_t row, std::size_t column) const noexcept {
  if (!four_bits_) return matrix_.weights[row * matrix_.stride + column];
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(matrix_.weights);
  return weight_s4(bytes + row * matrix_.stride, matrix_.stride, column);
}

}  // namespace sotto
