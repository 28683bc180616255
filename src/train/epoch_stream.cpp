#include <sotto/train/epoch_stream.hpp>

#include <sotto/train/seeds.hpp>

#include <numeric>
#include <utility>

namespace sotto::train {

EpochStream::EpochStream(const data::Split& split, std::size_t lanes, std::uint64_t seed, std::uint32_t epoch) {
  const std::size_t users = split.log().users();
  std::vector<std::uint32_t> order(users);
  std::iota(order.begin(), order.end(), 0U);
  Random random = stream_of(seed, Purpose::user_order, epoch);
  for (std::size_t i = users; i > 1; --i) {
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }

  const std::size_t total = count_positions(split);
  input_.reserve(total);
  target_.reserve(total);
  starts_.reserve(total);
  const auto& weights = split.log().weight;
  double weight_sum = 0;
  for (const std::uint32_t user : order) {
    const auto items = split.training_items(user);
    const std::size_t begin = split.log().user_begin[user];
    for (std::size_t i = 1; i < items.size(); ++i) {
      input_.push_back(items[i - 1]);
      target_.push_back(items[i]);
      starts_.push_back(i == 1 ? 1 : 0);
      if (weights.empty()) continue;
      weight_.push_back(weights[begin + i]);
      weight_sum += static_cast<double>(weight_.back());
    }
  }
  for (float& weight : weight_) weight *= static_cast<float>(static_cast<double>(total) / weight_sum);
  lane_length_ = (total + lanes - 1) / lanes;
}

std::size_t count_positions(const data::Split& split) noexcept {
  std::size_t total = 0;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    const std::size_t events = split.training_items(user).size();
    if (events > 1) total += events - 1;
  }
  return total;
}

std::vector<std::uint64_t> count_items(const data::Split& split) {
  std::vector<std::uint64_t> counts(split.log().item_ids.size());
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    for (const ItemIndex item : split.training_items(user)) ++counts[item];
  }
  return counts;
}

}  // namespace sotto::train
