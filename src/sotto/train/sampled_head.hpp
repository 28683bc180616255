// The item head with each target against negatives that the whole batch shares. Under sampled softmax (Bengio and
// Senécal, 2008; Jean et al., 2015), logits are corrected by -log of the candidate's expected count among the
// negatives. The loss then estimates that of the full softmax, for any distribution of the negatives.
#pragma once

#include <sotto/train/bpr_max.hpp>
#include <sotto/train/loss.hpp>
#include <sotto/train/softmax_head.hpp>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

struct Negatives {
  Index count = 0;  // N
  const std::uint32_t* item = nullptr;  // [N], may repeat
  const std::uint32_t* gradient_row = nullptr;  // [N]
  const float* log_count = nullptr;  // [N]: log of the item's expected count among the N
  const float* target_log_count = nullptr;  // [P]: the same for each position's target
};

template <class T>
struct SampledScratch {
  Matrix<T> weights;  // [N × H]: the negatives' rows of the head
  Matrix<T> d_weights;  // [N × H]
  RowArray<T> bias;  // [N]: bias minus the log count
  RowArray<T> d_bias;  // [N]
  Matrix<T> logits;  // [head_block_positions × N]
};

// Computes the cross-entropy of the softmax over the target and the row's negatives.
template <class T>
RowLoss<T> sampled_softmax_row(RowMap<T> row, T target_logit) {
  const T max = std::max(row.maxCoeff(), target_logit);
  row = (row - max).exp();
  const T target_exp = std::exp(target_logit - max);
  const T sum = row.sum() + target_exp;
  row /= sum;
  return {static_cast<double>(max + std::log(sum) - target_logit), target_exp / sum - T{1}};
}

// `loss`: cross_entropy or bpr_max.
template <class T>
RowLoss<T> sampled_row(Loss loss, RowMap<T> row, T target_logit) {
  if (loss == Loss::bpr_max) return bpr_max_row(row, target_logit);
  return sampled_softmax_row(row, target_logit);
}

// Adds to the gradient's rows of targets and negatives and writes d_input [P × H]. Returns Σ weight · loss. A negative
// is left out if it is the position's own target.
template <class T>
double sampled_head(Loss kind, const HeadView<T>& head, const Matrix<T>& input, const HeadTargets& targets,
                    const Negatives& negatives, HeadGradientView<T> gradient, Matrix<T>& d_input,
                    SampledScratch<T>& scratch) {
  const Index hidden_dim = input.cols();
  const Index count = negatives.count;
  scratch.weights.resize(count, hidden_dim);
  scratch.bias.resize(count);
  for (Index n = 0; n < count; ++n) {
    const Index item = static_cast<Index>(negatives.item[n]);
    scratch.weights.row(n) = head.weights.row(item);
    scratch.bias(n) = head.bias(item) - static_cast<T>(negatives.log_count[n]);
  }
  scratch.d_weights.setZero(count, hidden_dim);
  scratch.d_bias.setZero(count);
  scratch.logits.resize(head_block_positions, count);
  d_input.resize(input.rows(), hidden_dim);

  double loss = 0;
  for (Index first = 0; first < input.rows(); first += head_block_positions) {
    const Index rows = std::min(head_block_positions, input.rows() - first);
    const auto block_input = input.middleRows(first, rows);
    auto logits = scratch.logits.topRows(rows);
    logits.noalias() = block_input * scratch.weights.transpose();
    for (Index r = 0; r < rows; ++r) {
      const Index position = first + r;
      const std::uint32_t target = targets.item[position];
      const Index target_row = static_cast<Index>(targets.gradient_row[position]);
      const T weight = static_cast<T>(targets.weight[position]);
      const T target_logit = input.row(position).dot(head.weights.row(target)) + head.bias(target) -
                             static_cast<T>(negatives.target_log_count[position]);
      RowMap<T> row(logits.row(r).data(), count);
      row += scratch.bias;
      for (Index n = 0; n < count; ++n) {
        if (negatives.item[n] == target) row(n) = std::numeric_limits<T>::lowest();
      }
      const RowLoss<T> row_loss = sampled_row(kind, row, target_logit);
      loss += static_cast<double>(weight) * row_loss.loss;
      row *= weight;
      const T d_target = weight * row_loss.d_target;
      d_input.row(position) = d_target * head.weights.row(target);
      gradient.weights.row(target_row) += d_target * input.row(position);
      gradient.bias(target_row) += d_target;
      scratch.d_bias += row;
    }
    d_input.middleRows(first, rows).noalias() += logits * scratch.weights;
    scratch.d_weights.noalias() += logits.transpose() * block_input;
  }

  for (Index n = 0; n < count; ++n) {
    const Index row = static_cast<Index>(negatives.gradient_row[n]);
    gradient.weights.row(row) += scratch.d_weights.row(n);
    gradient.bias(row) += scratch.d_bias(n);
  }
  return loss;
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
