#include <sotto/runtime/history.hpp>

#include <algorithm>

namespace sotto {

History::History(std::uint32_t items) : events_(history_capacity), evidence_(history_capacity), slot_(items) {}

void History::observe(ItemIndex item) noexcept {
  if (length_ == history_capacity) {
    std::copy(events_.begin() + 1, events_.end(), events_.begin());
    --length_;
  }
  events_[length_++] = item;
}

void History::assign(std::span<const ItemIndex> events) noexcept {
  std::ranges::copy(events, events_.begin());
  length_ = events.size();
}

std::span<const ItemEvidence> History::evidence() noexcept {
  std::size_t found = 0;
  for (std::size_t back = 0; back < length_; ++back) {
    const std::size_t place = length_ - 1 - back;
    const ItemIndex item = events_[place];
    std::uint16_t& slot = slot_[item];
    if (slot == 0) {
      evidence_[found] = {item, static_cast<std::uint32_t>(back), 0, false};
      slot = static_cast<std::uint16_t>(++found);
    }
    ++evidence_[slot - 1U].count;
    // The item after this place is nearer to the end, so it has its slot already.
    if (back > 0 && item == events_[length_ - 1]) evidence_[slot_[events_[place + 1]] - 1U].follows = true;
  }
  const std::span<const ItemEvidence> result(evidence_.data(), found);
  for (const auto& e : result) slot_[e.item] = 0;
  return result;
}

std::int64_t history_bonus(const HistoryTerm& term, const ItemEvidence& evidence) noexcept {
  return std::int64_t{term.age[age_bucket(evidence.age)]} + term.count[count_bucket(evidence.count)] +
         (evidence.follows ? term.follow : 0);
}

}  // namespace sotto
