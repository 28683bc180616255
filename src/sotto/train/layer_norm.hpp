// Layer normalization of item vectors (Ba et al., 2016): each vector minus its mean, over its deviation, times a
// learned gain plus a learned bias. A function of the item alone: a trained model's tables hold what comes out.
#pragma once

#include <cmath>
#include <cstddef>

namespace sotto::train {

// Added to the variance, which vectors start with at 1e-2: one that features have not filled yet is all 0.
inline constexpr double layer_norm_epsilon = 1e-3;

// vector [width] → normalized [width], of mean 0 and variance 1, and from there to gain · normalized + bias, in place
// of the vector. Returns 1 / deviation.
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

// The gradient of what came out → of the vector, in place.
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
