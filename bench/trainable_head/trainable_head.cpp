#include "trainable_head.hpp"

#include <algorithm>
#include <cmath>

namespace sotto::bench {
namespace {

// All examples meet a block of rows while it is in the nearest cache: 64 rows of 128 floats are 32 kB.
constexpr std::size_t row_block = 64;

// Stands in the padding behind the logits; its exponential is 0.
constexpr float no_logit = -1e30F;

// rows[r] += steps[r] · x. Compilers vectorize the inner loop without a change of bits.
void add_outer(const FloatRows& rows, const float* steps, const float* x) noexcept {
  for (std::size_t r = 0; r < rows.count; ++r) {
    float* row = rows.values + r * rows.stride;
    for (std::size_t c = 0; c < rows.stride; ++c) row[c] += steps[r] * x[c];
  }
}

}  // namespace

TrainableHead::TrainableHead(const Engine& engine, std::size_t max_examples)
    : kernels_(&engine.kernels()),
      items_(engine.architecture().items),
      hidden_dim_(engine.architecture().hidden_dim),
      stride_(round_up(hidden_dim_, float_tile)),
      padded_items_(round_up(items_, float_tile)),
      weights_(items_ * stride_),
      bias_(items_),
      inputs_(max_examples * stride_),
      logits_(max_examples * padded_items_) {
  const PackedHead& head = engine.head();
  for (std::size_t r = 0; r < items_; ++r) {
    const float scale = std::ldexp(static_cast<float>(head.multiplier(r)), -head_multiplier_bits);
    for (std::size_t c = 0; c < hidden_dim_; ++c) {
      weights_[r * stride_ + c] = scale * static_cast<float>(head.weight(r, c));
    }
    bias_[r] = std::ldexp(static_cast<float>(head.bias(r)), -score_bits);
  }
}

void TrainableHead::load_input(std::span<const std::int16_t> head_input, float* x) const noexcept {
  constexpr float unit = 1.0F / (1 << head_input_bits);
  for (std::size_t c = 0; c < hidden_dim_; ++c) x[c] = unit * static_cast<float>(head_input[c]);
}

float TrainableHead::step(std::span<const HeadExample> examples, float learning_rate) noexcept {
  const std::size_t count = examples.size();
  for (std::size_t n = 0; n < count; ++n) load_input(examples[n].head_input, inputs_.data() + n * stride_);
  for (std::size_t first = 0; first < items_; first += row_block) {
    const FloatRows block = rows(first, std::min(row_block, items_ - first));
    for (std::size_t n = 0; n < count; ++n) {
      kernels_->dot_rows_f32(block, inputs_.data() + n * stride_, bias_.data() + first,
                             logits_.data() + n * padded_items_ + first);
    }
  }
  const float rate = -learning_rate / static_cast<float>(count);
  float probability = 0;
  for (std::size_t n = 0; n < count; ++n) {
    float* values = logits_.data() + n * padded_items_;
    std::fill(values + items_, values + padded_items_, no_logit);
    kernels_->softmax_f32(values, padded_items_);
    probability += values[examples[n].target];
    values[examples[n].target] -= 1.0F;
    for (std::size_t i = 0; i < items_; ++i) values[i] *= rate;
  }
  for (std::size_t first = 0; first < items_; first += row_block) {
    const FloatRows block = rows(first, std::min(row_block, items_ - first));
    for (std::size_t n = 0; n < count; ++n) {
      const float* steps = logits_.data() + n * padded_items_ + first;
      add_outer(block, steps, inputs_.data() + n * stride_);
      for (std::size_t r = 0; r < block.count; ++r) bias_[first + r] += steps[r];
    }
  }
  return probability / static_cast<float>(count);
}

}  // namespace sotto::bench
