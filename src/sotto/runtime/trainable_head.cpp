#include <sotto/runtime/trainable_head.hpp>

#include <algorithm>
#include <cmath>

namespace sotto {
namespace {

// Rows that meet all examples while they are in the nearest cache: 64 rows of 128 floats are 32 kB.
constexpr std::size_t row_block = 64;

// What stands for a logit that is not there: its exponential is 0.
constexpr float no_logit = -1e30F;

}  // namespace

TrainableHead::TrainableHead(const Engine& engine, std::size_t most_examples)
    : kernels_(&engine.kernels()),
      items_(engine.architecture().items),
      hidden_dim_(engine.architecture().hidden_dim),
      stride_(round_up(hidden_dim_, float_tile)),
      padded_items_(round_up(items_, float_tile)),
      weights_(items_ * stride_),
      bias_(items_),
      inputs_(most_examples * stride_),
      logits_(most_examples * padded_items_) {
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
      kernels_->add_outer_f32(block, steps, inputs_.data() + n * stride_);
      for (std::size_t r = 0; r < block.count; ++r) bias_[first + r] += steps[r];
    }
  }
  return probability / static_cast<float>(count);
}

float TrainableHead::sampled_step(const HeadExample& example, float expected_log_target,
                                  std::span<const ItemIndex> negatives, std::span<const float> expected_log,
                                  float learning_rate) {
  const std::size_t padded = round_up(negatives.size() + 1, float_tile);
  if (sample_.size() < padded) sample_.resize(padded);
  std::fill(sample_.begin(), sample_.begin() + static_cast<std::ptrdiff_t>(padded), no_logit);
  load_input(example.head_input, inputs_.data());
  const auto logit = [&](ItemIndex item, float expected) {
    float value = 0;
    kernels_->dot_rows_f32(rows(item, 1), inputs_.data(), &bias_[item], &value);
    return value - expected;
  };
  sample_[0] = logit(example.target, expected_log_target);
  for (std::size_t i = 0; i < negatives.size(); ++i) {
    if (negatives[i] != example.target) sample_[i + 1] = logit(negatives[i], expected_log[i]);
  }
  kernels_->softmax_f32(sample_.data(), padded);
  const float probability = sample_[0];
  sample_[0] -= 1.0F;
  const auto learn = [&](ItemIndex item, float gradient) {
    const float step = -learning_rate * gradient;
    kernels_->add_outer_f32(rows(item, 1), &step, inputs_.data());
    bias_[item] += step;
  };
  learn(example.target, sample_[0]);
  for (std::size_t i = 0; i < negatives.size(); ++i) learn(negatives[i], sample_[i + 1]);
  return probability;
}

void TrainableHead::scores(std::span<const std::int16_t> head_input, std::span<float> logits) noexcept {
  load_input(head_input, inputs_.data());
  kernels_->dot_rows_f32(rows(0, items_), inputs_.data(), bias_.data(), logits.data());
}

}  // namespace sotto
