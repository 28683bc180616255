#include <sotto/runtime/packed_head.hpp>

namespace sotto {

PackedHead::PackedHead(const FixedWeights& weights, const Architecture& architecture, const Kernels& kernels)
    : four_bits_(weights.head_s4.rows != 0),
      matrix_(four_bits_ ? pack(weights.head_s4, weights.head_multiplier, kernels)
                         : pack(weights.head_values(), architecture.head_rows(), architecture.hidden_dim,
                                weights.head_multiplier, kernels)),
      bias_(weights.head_bias) {}

void PackedHead::scores(const Kernels& kernels, const std::uint8_t* input_u7, int down,
                        std::int32_t* out) const noexcept {
  const ScoreScale scale{matrix_.multiplier.data(), bias_.data(), down};
  if (four_bits_) {
    kernels.scores_s4(matrix_.view_s4(), input_u7, scale, out);
  } else {
    kernels.scores(matrix_.view(), input_u7, scale, out);
  }
}

std::int32_t PackedHead::weight(std::size_t row, std::size_t column) const noexcept {
  if (!four_bits_) return matrix_.weights[row * matrix_.stride + column];
  return weight_s4(matrix_.view_s4().weights + row * matrix_.stride, matrix_.stride, column);
}

}  // namespace sotto
