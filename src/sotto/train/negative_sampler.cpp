#include <sotto/train/negative_sampler.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::train {

NegativeSampler::NegativeSampler(std::span<const std::uint64_t> item_count, double alpha, bool draws_untouched)
    : cumulative_(item_count.size()), log_probability_(item_count.size()) {
  const std::size_t items = item_count.size();
  const auto mass = [&](std::size_t item) {
    if (item_count[item] == 0 && !draws_untouched) return 0.0;
    return std::pow(static_cast<double>(std::max<std::uint64_t>(1, item_count[item])), alpha);
  };
  double total = 0;
  for (std::size_t item = 0; item < items; ++item) {
    total += mass(item);
    cumulative_[item] = total;
  }
  for (std::size_t item = 0; item < items; ++item) {
    cumulative_[item] /= total;
    log_probability_[item] = static_cast<float>(std::log(mass(item) / total));
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
