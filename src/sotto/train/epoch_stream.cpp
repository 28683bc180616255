#include <sotto/train/epoch_stream.hpp>

#include <sotto/train/seeds.hpp>

#include <numeric>
#include <utility>

namespace sotto::train {

EpochStream::EpochStream(const data::Split& split, std::size_t lanes, std::uint64_t seed, std::uint32_t epoch)
    : log_(split.log()) {
  const std::size_t users = log_.users();
  std::vector<std::uint32_t> order(users);
  std::iota(order.begin(), order.end(), 0U);
  Random random = stream_of(seed, Purpose::user_order, epoch);
  for (std::size_t i = users; i > 1; --i) {
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }

  const std::size_t total = count_positions(split);
  target_row_.reserve(total);
  double weight_sum = 0;
  for (const std::uint32_t user : order) {
    const std::size_t events = split.training_items(user).size();
    const std::size_t begin = log_.user_begin[user];
    for (std::size_t row = begin + 1; row < begin + events; ++row) {
      target_row_.push_back(static_cast<std::uint32_t>(row));
      if (!log_.weight.empty()) weight_sum += static_cast<double>(log_.weight[row]);
    }
  }
  if (!log_.weight.empty()) weight_scale_ = static_cast<float>(static_cast<double>(total) / weight_sum);
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

}  // namespace sotto::train
