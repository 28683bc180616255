#include <sotto/data/event_filter.hpp>
#include <sotto/data/rare_items.hpp>

#include <algorithm>

namespace sotto::data {
namespace {

std::vector<std::size_t> count_events(const Interactions& log) {
  std::vector<std::size_t> events(log.item_ids.size());
  for (const ItemIndex item : log.item) ++events[item];
  return events;
}

}  // namespace

void drop_rare_items(Interactions& log, std::size_t min_events) {
  const std::vector<std::size_t> events = count_events(log);
  std::vector<bool> keep(log.events());
  for (std::size_t event = 0; event < log.events(); ++event) keep[event] = events[log.item[event]] >= min_events;
  keep_events(log, keep);
}

void pool_rare_items(Interactions& log, std::size_t min_events, const std::string& stand_in) {
  std::vector<std::size_t> events = count_events(log);
  const auto found = std::ranges::find(log.item_ids, stand_in);
  const auto stand_in_index = static_cast<ItemIndex>(found - log.item_ids.begin());
  if (found == log.item_ids.end()) {
    log.item_ids.push_back(stand_in);
    events.push_back(0);
  }
  for (ItemIndex& item : log.item) {
    if (events[item] < min_events) item = stand_in_index;
  }
  drop_items_without_events(log);
}

}  // namespace sotto::data
