// Adam (Kingma and Ba, 2015) with decoupled weight decay (Loshchilov and Hutter, 2019), for a range of the flat
// parameter vector.
#pragma once

#include <sotto/train/matrix.hpp>
#include <sotto/train/optimizer_step.hpp>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

template <class T>
void adam_update(const OptimizerStep& step, T* parameters, const T* gradient, T* first_moment, T* second_moment,
                 std::size_t count) {
  RowMap<T> p(parameters, index(count));
  RowMap<T> m(first_moment, index(count));
  RowMap<T> v(second_moment, index(count));
  const ConstRowMap<T> g(gradient, index(count));
  const T beta1 = static_cast<T>(adam_beta1);
  const T beta2 = static_cast<T>(adam_beta2);
  const T scale = static_cast<T>(step.gradient_scale);
  m = beta1 * m + (T{1} - beta1) * scale * g;
  v = beta2 * v + (T{1} - beta2) * (scale * g).square();
  p = p * static_cast<T>(1 - step.learning_rate * step.weight_decay) -
      static_cast<T>(step.learning_rate / step.first_correction) * m /
          ((v / static_cast<T>(step.second_correction)).sqrt() + static_cast<T>(step.epsilon));
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
