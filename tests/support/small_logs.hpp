// Logs made by hand for the training tests.
#pragma once

#include <sotto/base/random.hpp>
#include <sotto/data/interactions.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace sotto::test {

inline data::Interactions make_log(const std::vector<std::vector<ItemIndex>>& users) {
  data::Interactions log;
  log.user_begin.push_back(0);
  ItemIndex items = 0;
  for (const auto& events : users) {
    log.user_ids.push_back(std::to_string(log.user_ids.size()).insert(0, 1, 'u'));
    for (const ItemIndex item : events) {
      log.item.push_back(item);
      log.timestamp.push_back(static_cast<std::int64_t>(1'700'000'000 + log.item.size()));
      items = std::max(items, item + 1);
    }
    log.user_begin.push_back(log.item.size());
  }
  for (ItemIndex item = 0; item < items; ++item) log.item_ids.push_back(std::to_string(item).insert(0, 1, 'i'));
  return log;
}

inline Catalogue catalogue_of(const data::Interactions& log) {
  Catalogue catalogue;
  catalogue.item_ids = log.item_ids;
  return catalogue;
}

// A walk on a ring: mostly one step on, now and then a jump.
inline std::vector<ItemIndex> random_walk(std::size_t length, ItemIndex items, std::uint64_t seed) {
  Random random(seed);
  std::vector<ItemIndex> walk;
  ItemIndex at = random.below(items);
  while (walk.size() < length) {
    walk.push_back(at);
    at = random.below(5) == 0 ? random.below(items) : (at + 1) % items;
  }
  return walk;
}

// Users who each walk, all differently.
inline data::Interactions walks(std::size_t users, std::size_t length, ItemIndex items) {
  std::vector<std::vector<ItemIndex>> logs;
  for (std::uint64_t u = 0; u < users; ++u) logs.push_back(random_walk(length, items, u + 1));
  return make_log(logs);
}

}  // namespace sotto::test
