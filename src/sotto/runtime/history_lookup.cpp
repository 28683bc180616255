#include <sotto/runtime/history_lookup.hpp>

namespace sotto {

HistoryLookup::HistoryLookup(std::uint32_t items) : evidence_(history_capacity), slot_(items) {}

std::span<const ItemEvidence> HistoryLookup::evidence(std::span<const ItemIndex> events) noexcept {
  std::size_t found = 0;
  for (std::size_t back = 0; back < events.size(); ++back) {
    const std::size_t place = events.size() - 1 - back;
    const ItemIndex item = events[place];
    std::uint16_t& slot = slot_[item];
    if (slot == 0) {
      evidence_[found] = {item, static_cast<std::uint32_t>(back), 0, false};
      slot = static_cast<std::uint16_t>(++found);
    }
    ++evidence_[slot - 1U].count;
    // The next item is nearer to the end, so it already has its slot.
    if (back > 0 && item == events.back()) evidence_[slot_[events[place + 1]] - 1U].follows = true;
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
