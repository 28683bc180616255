// BPR-max, the loss of one target against sampled negatives. It takes one row of logits at a time.
#pragma once

#include <sotto/train/loss.hpp>
#include <sotto/train/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

template <class T>
struct RowLoss {
  double loss = 0;
  T d_target{0};  // gradient of the target's logit
};

// BPR-max: -log Σ s_j σ(r - r_j) + penalty · Σ s_j r_j², where s is the softmax of the negatives' logits r_j (Hidasi
// and Karatzoglou, 2018, equations 10 and 11). row: [N] logits, replaced by their gradients. A logit of lowest() marks
// an entry that is not a negative.
template <class T>
RowLoss<T> bpr_max_row(RowMap<T> row, T target_logit) {
  constexpr T smallest = static_cast<T>(1e-24);
  const T max = row.maxCoeff();
  RowArray<T> share = (row - max).exp();
  share /= share.sum();
  // A vectorized exponential of lowest() may differ slightly from 0, and the square of lowest() is not finite.
  const RowArray<T> logits = (row > std::numeric_limits<T>::lowest()).select(row, T{0});
  const RowArray<T> below = (target_logit - logits).logistic();
  const T agreement = std::max((share * below).sum(), smallest);
  const T penalty = (share * logits.square()).sum();
  const RowArray<T> slope = share * below * (T{1} - below);
  const T weight = static_cast<T>(bpr_max_penalty);
  row =
      -(share * (below - agreement) - slope) / agreement + weight * share * (logits.square() - penalty + T{2} * logits);
  return {static_cast<double>(-std::log(agreement) + weight * penalty), -slope.sum() / agreement};
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
