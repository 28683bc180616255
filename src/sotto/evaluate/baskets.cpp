#include <sotto/evaluate/baskets.hpp>

#include <algorithm>

namespace sotto::evaluate {

std::vector<Basket> find_baskets(const data::Split& split, std::span<const data::Target> targets) {
  const data::Interactions& log = split.log();
  const auto time_of = [&log](std::size_t user, std::size_t event) {
    return log.timestamp[log.user_begin[user] + event];
  };
  std::vector<Basket> baskets;
  for (std::size_t begin = 0; begin < targets.size();) {
    const auto& [user, first] = targets[begin];
    std::size_t end = begin + 1;
    while (end < targets.size() && targets[end].user == user &&
           time_of(user, targets[end].event) == time_of(user, first)) {
      ++end;
    }
    if (time_of(user, first - 1) != time_of(user, first)) baskets.push_back({begin, end});
    begin = end;
  }
  return baskets;
}

std::vector<ItemIndex> items_of_basket(const data::Split& split, std::span<const data::Target> targets,
                                       const Basket& basket) {
  std::vector<ItemIndex> items;
  for (const auto& [user, event] : targets.subspan(basket.begin, basket.end - basket.begin)) {
    items.push_back(split.log().items_of(user)[event]);
  }
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
  return items;
}

}  // namespace sotto::evaluate
