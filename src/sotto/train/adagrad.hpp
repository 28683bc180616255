// Adagrad (Duchi et al., 2011) with decoupled weight decay, for a range of the flat parameter vector.
#pragma once

#include <sotto/train/matrix.hpp>
#include <sotto/train/optimizer_step.hpp>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

template <class T>
void adagrad_update(const OptimizerStep& step, T* parameters, const T* gradient, T* sum_of_squares, std::size_t count) {
  RowMap<T> p(parameters, index(count));
  RowMap<T> sum(sum_of_squares, index(count));
  const ConstRowMap<T> g(gradient, index(count));
  const T scale = static_cast<T>(step.gradient_scale);
  sum += (scale * g).square();
  p = p * static_cast<T>(1 - step.learning_rate * step.weight_decay) -
      static_cast<T>(step.learning_rate) * scale * g / (sum.sqrt() + static_cast<T>(adagrad_epsilon));
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
