#include <sotto/data/event_filter.hpp>
#include <sotto/data/rare_items.hpp>

#include <algorithm>
#include <numeric>

namespace sotto::data {
namespace {

std::vector<std::size_t> count_events(const Interactions& log) {
  std::vector<std::size_t> events(log.item_ids.size());
  for (const ItemIndex item : log.item) ++events[item];
  return events;
}

// Returns the index of the item with that id. If the log has no such item, it is appended.
ItemIndex find_or_add_item(Interactions& log, const std::string& id) {
  const auto found = std::ranges::find(log.item_ids, id);
  const auto index = static_cast<ItemIndex>(found - log.item_ids.begin());
  if (found == log.item_ids.end()) log.item_ids.push_back(id);
  return index;
}

// Assigns all other items' events to the stand-in.
void pool(Interactions& log, const std::vector<bool>& keep, ItemIndex stand_in) {
  for (ItemIndex& item : log.item) {
    if (!keep[item]) item = stand_in;
  }
  drop_items_without_events(log);
}

}  // namespace

void drop_rare_items(Interactions& log, std::size_t min_events) {
  const std::vector<std::size_t> events = count_events(log);
  std::vector<bool> keep(log.events());
  for (std::size_t event = 0; event < log.events(); ++event) keep[event] = events[log.item[event]] >= min_events;
  keep_events(log, keep);
}

void pool_rare_items(Interactions& log, std::size_t min_events, const std::string& stand_in) {
  const ItemIndex stand_in_index = find_or_add_item(log, stand_in);
  const std::vector<std::size_t> events = count_events(log);
  std::vector<bool> keep(events.size());
  for (std::size_t item = 0; item < events.size(); ++item) keep[item] = events[item] >= min_events;
  pool(log, keep, stand_in_index);
}

void pool_all_but_most_frequent(Interactions& log, std::size_t max_items, const std::string& stand_in) {
  if (log.item_ids.size() <= max_items) return;
  const ItemIndex stand_in_index = find_or_add_item(log, stand_in);
  const std::vector<std::size_t> events = count_events(log);
  std::vector<ItemIndex> others(events.size());
  std::iota(others.begin(), others.end(), ItemIndex{0});
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(stand_in_index));
  std::ranges::stable_sort(others, std::ranges::greater{}, [&events](ItemIndex item) { return events[item]; });
  std::vector<bool> keep(events.size());
  for (std::size_t rank = 0; rank + 1 < max_items; ++rank) keep[others[rank]] = true;
  pool(log, keep, stand_in_index);
}

}  // namespace sotto::data
