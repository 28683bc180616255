#include <sotto/train/negative_sampler.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::train {

NegativeSampler::NegativeSampler(const data::Split& split, std::size_t items, double alpha)
    : cumulative_(items), log_probability_(items) {
  std::vector<double> popularity(items, 0.0);
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    for (const ItemIndex item : split.training_items(user)) ++popularity[item];
  }
  double total = 0;
  for (std::size_t item = 0; item < items; ++item) {
    popularity[item] = std::pow(std::max(1.0, popularity[item]), alpha);
    total += popularity[item];
    cumulative_[item] = total;
  }
  for (std::size_t item = 0; item < items; ++item) {
    cumulative_[item] /= total;
    log_probability_[item] = static_cast<float>(std::log(popularity[item] / total));
  }
}

ItemIndex NegativeSampler::draw(Random& random) const noexcept {
  const double uniform = static_cast<double>(random.next() >> 11) * 0x1p-53;
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, uniform);
  return static_cast<ItemIndex>(found - cumulative_.begin());
}

float NegativeSampler::log_count(ItemIndex item, std::size_t count) const noexcept {
  return log_probability_[item] + static_cast<float>(std::log(static_cast<double>(count)));
}

}  // namespace sotto::train
