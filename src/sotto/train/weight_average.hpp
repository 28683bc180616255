// A moving average of the parameters (Polyak and Juditsky, 1992). It is what validation judges and the model
// keeps: it irons out the noise of single steps as a falling learning rate does, but at every moment, so that a log
// that is overfitted after two epochs has good weights after two epochs.
#pragma once

#include <sotto/base/aligned_buffer.hpp>

#include <cstddef>
#include <span>

namespace sotto::train {

class WeightAverage {
 public:
  WeightAverage(std::span<const float> parameters, std::size_t steps_per_epoch);

  // To be called after every step.
  void follow(std::span<const float> parameters);
  [[nodiscard]] std::span<const float> weights() const noexcept { return average_.span(); }

  // Goes on from where `weights` came from: after `steps` steps.
  void resume(std::span<const float> weights, std::size_t steps);

 private:
  std::size_t interval_;     // steps from one update to the next
  std::size_t steps_ = 0;
  std::size_t updates_ = 0;
  AlignedBuffer<float> average_;
};

}  // namespace sotto::train
