// Layer normalization of item vectors (Ba et al., 2016). It subtracts each vector's mean, divides by its deviation,
// multiplies by a learned gain and adds a learned bias. It depends on the item alone, so a trained model's tables hold
// the results.
#pragma once

#include <cmath>
#include <cstddef>

namespace sotto::train {

// This value is added to the variance, which is 1e-2 for new vectors. A vector whose features are not learned yet is
// all 0.
inline constexpr double layer_norm_epsilon = 1e-3;

// Computes vector [width] → normalized [width], with mean 0 and variance 1. Then it replaces the vector by gain ·
// normalized + bias. Returns 1 / deviation.
template <class T>
T layer_norm_forward(const T* gain, const T* bias, std::size_t width, T* vector, T* normalized) {
  T mean{0};
  for (std::size_t i = 0; i < width; ++i) mean += vector[i];
  mean /= static_cast<T>(width);
  T variance{0};
  for (std::size_t i = 0; i < width; ++i) variance += (vector[i] - mean) * (vector[i] - mean);
  variance /= static_cast<T>(width);
  const T scale = T{1} / std::sqrt(variance + static_cast<T>(layer_norm_epsilon));
  for (std::size_t i = 0; i < width; ++i) {
    normalized[i] = (vector[i] - mean) * scale;
    vector[i] = gain[i] * normalized[i] + bias[i];
  }
  return scale;
}

// Replaces the gradient of the result by the gradient of the vector.
template <class T>
void layer_norm_backward(const T* gain, const T* normalized, T scale, std::size_t width, T* gradient) {
  T mean{0};
  T along{0};
  for (std::size_t i = 0; i < width; ++i) {
    gradient[i] *= gain[i];
    mean += gradient[i];
    along += gradient[i] * normalized[i];
  }
  mean /= static_cast<T>(width);
  along /= static_cast<T>(width);
  for (std::size_t i = 0; i < width; ++i) gradient[i] = scale * (gradient[i] - mean - normalized[i] * along);
}

}  // namespace sotto::train
