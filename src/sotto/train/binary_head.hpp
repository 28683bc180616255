// The binary head has one logit for each position (here a candidate's step). Its loss is sigmoid cross-entropy against
// a label.
#pragma once

#include <sotto/train/softmax_head.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

struct BinaryTargets {
  const float* label = nullptr;   // [P]: 0 or 1
  const float* weight = nullptr;  // [P]: 0 if the position has no candidate
};

struct BinaryLoss {
  double loss = 0;     // Σ weight · cross-entropy, nats
  double correct = 0;  // Σ weight over positions whose probability is on the label's side of 0.5
};

template <class T>
[[nodiscard]] T log_of_one_plus_exp(T x) {
  return std::max(x, T{0}) + std::log1p(std::exp(-std::abs(x)));
}

// input: [P × H]. Adds to the head's gradient and writes d_input [P × H].
template <class T>
BinaryLoss binary_head(const HeadView<T>& head, const Matrix<T>& input, const BinaryTargets& targets,
                       HeadGradientView<T> gradient, Matrix<T>& d_input) {
  BinaryLoss result;
  d_input.setZero(input.rows(), input.cols());
  for (Index p = 0; p < input.rows(); ++p) {
    const T weight = static_cast<T>(targets.weight[p]);
    if (weight == T{0}) continue;
    const T logit = input.row(p).dot(head.weights.row(0)) + head.bias(0);
    const T label = static_cast<T>(targets.label[p]);
    result.loss += static_cast<double>(weight * (log_of_one_plus_exp(logit) - label * logit));
    if ((logit > T{0}) == (label > T{0})) result.correct += static_cast<double>(weight);
    const T d_logit = weight * (T{1} / (T{1} + std::exp(-logit)) - label);
    d_input.row(p) = d_logit * head.weights.row(0);
    gradient.weights.row(0) += d_logit * input.row(p);
    gradient.bias(0) += d_logit;
  }
  return result;
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
