#include <sotto/numeric/internal/scalar_log.hpp>
#include <sotto/personal/gate.hpp>

#include <algorithm>
#include <limits>

namespace sotto {
namespace {

constexpr float given_back = 0.02F;
// Lower probabilities carry no further information: the item was practically excluded.
constexpr float min_probability = 1e-12F;

double log_of(float probability) noexcept {
  return static_cast<double>(log_f32(std::max(probability, min_probability)));
}

}  // namespace

void Gate::update(const Weights& probabilities) noexcept {
  Weights joint{};
  float sum = 0;
  for (std::size_t k = 0; k < predictors; ++k) {
    joint[k] = weights_[k] * std::max(probabilities[k], min_probability);
    sum += joint[k];
  }
  for (std::size_t k = 0; k < predictors; ++k) {
    const float posterior = joint[k] / sum;
    weights_[k] = posterior + given_back * (first_weights[k] - posterior);
  }
  if (record_.events == std::numeric_limits<std::uint32_t>::max()) return;
  ++record_.events;
  record_.base_log_likelihood += log_of(probabilities[base]);
  record_.personal_log_likelihood += log_of(probabilities[with_both]);
}

}  // namespace sotto
