#include <sotto/model/fixed_model.hpp>
#include <sotto/runtime/float_session.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace sotto {
namespace {

// Eight running sums in a fixed order: the compiler can use vectors without being allowed to reassociate.
float dot(std::span<const float> a, std::span<const float> b) noexcept {
  constexpr std::size_t lanes = 8;
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float total = ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
  for (; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}

float sigmoid(float x) noexcept { return 1.0F / (1.0F + std::exp(-x)); }

}  // namespace

FloatSession::FloatSession(const FloatWeights& weights) : weights_(&weights), history_(weights.embedding.rows) {
  for (const auto& layer : weights.lstm) {
    const std::size_t units = layer.hidden_weights.cols;
    layers_.push_back({std::vector<float>(units), std::vector<float>(units)});
  }
  head_input_.resize(weights.lstm.back().hidden_weights.cols);
  gates_.resize(4 * head_input_.size());
}

void FloatSession::observe(ItemIndex item) noexcept {
  history_.observe(item);
  const std::span<const float> embedding = weights_->embedding.row(item);
  std::span<const float> input = embedding;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const LstmWeightsF32& w = weights_->lstm[l];
    auto& [cell, hidden] = layers_[l];
    for (std::size_t r = 0; r < gates_.size(); ++r) {
      gates_[r] = w.bias[r] + dot(w.input_weights.row(r), input) + dot(w.hidden_weights.row(r), hidden);
    }
    const std::size_t units = hidden.size();
    for (std::size_t j = 0; j < units; ++j) {
      const float i = sigmoid(gates_[j]);
      const float f = sigmoid(gates_[units + j]);
      const float g = std::tanh(gates_[2 * units + j]);
      const float o = sigmoid(gates_[3 * units + j]);
      cell[j] = f * cell[j] + i * g;
      hidden[j] = o * std::tanh(cell[j]);
    }
    input = hidden;
  }
  for (std::size_t j = 0; j < head_input_.size(); ++j) {
    head_input_[j] = input[j] + (weights_->skip.rows == 0 ? 0.0F : dot(weights_->skip.row(j), embedding));
  }
}

void FloatSession::scores(std::span<float> scores) noexcept {
  network_scores(scores);
  if (!weights_->history) return;
  for (const ItemEvidence& e : history_.evidence()) {
    scores[e.item] += std::ldexp(static_cast<float>(history_bonus(*weights_->history, e)), -score_bits);
  }
}

void FloatSession::network_scores(std::span<float> scores) const noexcept {
  const MatrixF32& head = weights_->head_weights();
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = dot(head.row(i), head_input_) + weights_->head_bias[i];
}

void FloatSession::reset() noexcept {
  history_.clear();
  for (auto& [cell, hidden] : layers_) {
    std::ranges::fill(cell, 0.0F);
    std::ranges::fill(hidden, 0.0F);
  }
  std::ranges::fill(head_input_, 0.0F);
}

}  // namespace sotto
