#include <sotto/train/weight_average.hpp>

#include <algorithm>

namespace sotto::train {
namespace {

// An epoch has about this many updates, so that the average costs little for any size of the catalogue.
constexpr std::size_t updates_per_epoch = 64;
// The average's memory in updates, which is half an epoch.
constexpr float memory = 32;

}  // namespace

WeightAverage::WeightAverage(std::span<const float> parameters, std::size_t steps_per_epoch)
    : interval_((steps_per_epoch + updates_per_epoch - 1) / updates_per_epoch), average_(parameters.size()) {
  std::ranges::copy(parameters, average_.data());
}

void WeightAverage::resume(std::span<const float> weights, std::size_t steps) {
  steps_ = steps;
  updates_ = steps / interval_;
  std::ranges::copy(weights, average_.data());
}

void WeightAverage::follow(std::span<const float> parameters) {
  ++steps_;
  if (steps_ % interval_ != 0) return;
  ++updates_;
  // The memory grows with training, so that the first, random weights are soon forgotten.
  const float share = 1.0F / std::min(memory, 1.0F + static_cast<float>(updates_) / 4);
  for (std::size_t i = 0; i < parameters.size(); ++i) average_[i] += share * (parameters[i] - average_[i]);
}

}  // namespace sotto::train
