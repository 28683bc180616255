// A moving average of the parameters (Polyak and Juditsky, 1992). Validation uses it, and the model keeps it. It
// reduces the noise of single steps like a falling learning rate, but at every moment. A log that overfits after two
// epochs thus has good weights after two epochs.
#pragma once

#include <sotto/base/aligned_buffer.hpp>

#include <cstddef>
#include <span>

namespace sotto::train {

class WeightAverage {
 public:
  WeightAverage(std::span<const float> parameters, std::size_t steps_per_epoch);

  // Precondition: it is called after every step.
  void follow(std::span<const float> parameters);
  [[nodiscard]] std::span<const float> weights() const noexcept { return average_.span(); }

  // Continues from `weights`, which were saved after `steps` steps.
  void resume(std::span<const float> weights, std::size_t steps);

 private:
  std::size_t interval_;     // number of steps between two updates
  std::size_t steps_ = 0;
  std::size_t updates_ = 0;
  AlignedBuffer<float> average_;
};

}  // namespace sotto::train
