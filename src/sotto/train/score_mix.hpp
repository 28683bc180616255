// Scores that are a weighted sum of a few scores of each item, and the softmax over them. The fit of the head's terms
// spends most of its time here.
#pragma once

#include <sotto/train/compute.hpp>
#include <sotto/train/matrix.hpp>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

template <class T>
void mix_scores(const ScoreMix& mix, T* scores) {
  const Index items = index(mix.items);
  RowMap<T> sum(scores, items);
  sum = static_cast<T>(mix.weights[0]) * ConstRowMap<T>(mix.parts[0], items) +
        static_cast<T>(mix.weights[1]) * ConstRowMap<T>(mix.parts[1], items) +
        static_cast<T>(mix.weights[2]) * ConstRowMap<T>(mix.parts[2], items);
}

template <class T>
ScoreMixMeans softmax_means(const ScoreMix& mix, T* scores) {
  const Index items = index(mix.items);
  RowMap<T> probabilities(scores, items);
  probabilities = (probabilities - probabilities.maxCoeff()).exp();
  probabilities *= T{1} / probabilities.sum();
  ScoreMixMeans means;
  for (std::size_t part = 0; part < means.size(); ++part) {
    means[part] = static_cast<double>((probabilities * ConstRowMap<T>(mix.parts[part], items)).sum());
  }
  return means;
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
