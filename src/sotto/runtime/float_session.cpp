#include <sotto/model/fixed_model.hpp>
#include <sotto/runtime/float_session.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace sotto {
namespace {

// Eight running sums in a fixed order let the compiler use vectors without reassociation.
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

void softmax_head_scores(const FloatWeights& weights, std::span<const float> head_input,
                         std::span<float> scores) noexcept {
  const MatrixF32& head = weights.head_weights();
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = dot(head.row(i), head_input) + weights.head_bias[i];
}

FloatSession::FloatSession(const FloatWeights& weights)
    : weights_(&weights),
      history_lookup_(weights.embedding.rows),
      count_lookup_(weights.counts ? &*weights.counts : nullptr, weights.embedding.rows) {
  for (const auto& layer : weights.lstm) {
    const std::size_t units = layer.hidden_weights.cols;
    layers_.push_back({std::vector<float>(units), std::vector<float>(units)});
  }
  head_input_.resize(weights.lstm.back().hidden_weights.cols);
  gates_.resize(4 * head_input_.size());
  candidate_layers_ = layers_;
}

void FloatSession::observe(ItemIndex item) {
  history_.observe(item);
  step(item, layers_, layers_);
  const auto embedding = weights_->embedding.row(item);
  const auto& hidden = layers_.back().hidden;
  for (std::size_t j = 0; j < head_input_.size(); ++j) {
    head_input_[j] = hidden[j] + (weights_->skip.rows == 0 ? 0.0F : dot(weights_->skip.row(j), embedding));
  }
}

void FloatSession::step(ItemIndex item, const std::vector<LayerState>& before,
                        std::vector<LayerState>& after) noexcept {
  std::span<const float> input = weights_->embedding.row(item);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const LstmWeightsF32& w = weights_->lstm[l];
    for (std::size_t r = 0; r < gates_.size(); ++r) {
      gates_[r] = w.bias[r] + dot(w.input_weights.row(r), input) + dot(w.hidden_weights.row(r), before[l].hidden);
    }
    const auto& cell_before = before[l].cell;
    auto& [cell, hidden] = after[l];
    const std::size_t units = hidden.size();
    for (std::size_t j = 0; j < units; ++j) {
      const float i = sigmoid(gates_[j]);
      const float f = sigmoid(gates_[units + j]);
      const float g = std::tanh(gates_[2 * units + j]);
      const float o = sigmoid(gates_[3 * units + j]);
      cell[j] = f * cell_before[j] + i * g;
      hidden[j] = o * std::tanh(cell[j]);
    }
    input = hidden;
  }
}

void FloatSession::scores(std::span<float> scores) {
  network_scores(scores);
  for (const auto& [item, logit] : head_terms()) scores[item] += logit;
}

std::span<const HeadTerm> FloatSession::head_terms() {
  head_terms_.clear();
  if (weights_->history) {
    for (const ItemEvidence& e : history_evidence()) {
      const auto bonus = static_cast<float>(history_bonus(*weights_->history, e));
      head_terms_.push_back({e.item, std::ldexp(bonus, -score_bits)});
    }
  }
  if (weights_->counts) {
    for (const auto& [item, count] : counts()) {
      const auto bonus = static_cast<float>(count_bonus(*weights_->counts, count));
      head_terms_.push_back({item, std::ldexp(bonus, -score_bits)});
    }
  }
  return head_terms_;
}

float FloatSession::candidate_score(ItemIndex item) noexcept {
  step(item, layers_, candidate_layers_);
  return dot(weights_->head.row(0), candidate_layers_.back().hidden) + weights_->head_bias[0];
}

void FloatSession::network_scores(std::span<float> scores) noexcept {
  if (weights_->head_kind == HeadKind::binary) {
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = candidate_score(static_cast<ItemIndex>(i));
    return;
  }
  softmax_head_scores(*weights_, head_input_, scores);
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
