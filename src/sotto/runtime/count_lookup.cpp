#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/count_lookup.hpp>

#include <algorithm>

namespace sotto {

CountLookup::CountLookup(const CountExpert* expert, std::uint32_t items) : expert_(expert) {
  if (expert == nullptr) return;
  count_.resize(items);
  std::size_t longest_row = 0;
  for (std::uint32_t item = 0; item < items; ++item) {
    longest_row = std::max<std::size_t>(longest_row, expert->begin[item + 1] - expert->begin[item]);
  }
  found_.resize(std::min<std::size_t>(items, count_expert_events * longest_row));
}

// decay ≤ 2^15, weight < 2^8 and multiplier ≤ 2^16 keep each product below 2^39 and each event's share below 2^24.
std::span<const ItemCount> CountLookup::counts(std::span<const ItemIndex> events) noexcept {
  if (expert_ == nullptr) return {};
  std::size_t found = 0;
  for (std::size_t age = 0; age < std::min(events.size(), count_expert_events); ++age) {
    const ItemIndex from = events[events.size() - 1 - age];
    const std::int64_t unit = std::int64_t{expert_->decay[age]} * expert_->multiplier[from];
    for (std::uint32_t place = expert_->begin[from]; place < expert_->begin[from + 1]; ++place) {
      const auto share = static_cast<std::uint32_t>(round_shift(unit * expert_->weight[place], count_decay_bits));
      if (share == 0) continue;
      std::uint32_t& count = count_[expert_->neighbor[place]];
      if (count == 0) found_[found++].item = expert_->neighbor[place];
      count += share;
    }
  }
  const std::span result(found_.data(), found);
  for (ItemCount& entry : result) {
    entry.count = count_[entry.item];
    count_[entry.item] = 0;
  }
  return result;
}

}  // namespace sotto
