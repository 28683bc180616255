// Inverted dropout (Srivastava et al., 2014). Kept values are scaled up, so that inference needs no change.
#pragma once

#include <sotto/base/random.hpp>
#include <sotto/train/matrix.hpp>

#include <cmath>
#include <cstdint>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

// Fills mask [rows × cols] with 0 (probability `rate`, in steps of 2^-16) and 1 / (1 - rate).
template <class T>
void draw_dropout_mask(double rate, Random& random, Index rows, Index cols, Matrix<T>& mask) {
  mask.resize(rows, cols);
  const auto dropped_below = static_cast<std::uint64_t>(std::lround(rate * 65536.0));
  const T kept = static_cast<T>(65536.0 / (65536.0 - static_cast<double>(dropped_below)));
  T* value = mask.data();
  T* const end = value + mask.size();
  while (value != end) {
    std::uint64_t bits = random.next();  // enough for four draws
    for (int draw = 0; draw < 4 && value != end; ++draw, bits >>= 16, ++value) {
      *value = (bits & 0xffffU) < dropped_below ? T{0} : kept;
    }
  }
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
