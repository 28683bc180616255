#include <sotto/data/quality.hpp>

#include <algorithm>
#include <functional>

namespace sotto::data {

ItemFigures examine_items(const Interactions& log) {
  std::vector<std::uint64_t> events(log.item_ids.size());
  for (const ItemIndex item : log.item) ++events[item];
  std::ranges::sort(events, std::greater<>{});

  ItemFigures figures;
  figures.cold_items =
      static_cast<std::size_t>(std::ranges::count_if(events, [](auto count) { return count < cold_item_events; }));
  figures.gini = gini(events);
  figures.top_1_percent = share_of_top(events, 0.01);
  figures.top_10_percent = share_of_top(events, 0.10);
  std::uint64_t sum = 0;
  std::size_t items = 0;
  for (std::size_t percent = 0; percent <= 100; ++percent) {
    for (; items < events.size() * percent / 100; ++items) sum += events[items];
    figures.popularity_curve.push_back(static_cast<double>(sum) / static_cast<double>(log.events()));
  }
  return figures;
}

}  // namespace sotto::data
