// Small logs with and without drift, and a base that predicts the popularity of the training events.
#pragma once

#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/data/split.hpp>
#include <sotto/simulate/replay.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::test {

inline constexpr ItemIndex world_items = 60;
// Items that nobody chooses in training. With drift, they are most of what is chosen afterwards.
inline constexpr ItemIndex first_new_item = 50;

// 60 days; each user comes on every second day. Without drift, the first 20 items are chosen most at all times. With
// drift, three items of each half-week from day 48 on take over: half of them are new.
inline data::Interactions world_log(std::size_t users, bool drifts) {
  constexpr std::int64_t days = 60;
  constexpr std::int64_t drift_begins = 48;
  Random random(11);
  data::Interactions log;
  log.user_begin.push_back(0);
  for (std::size_t user = 0; user < users; ++user) {
    log.user_ids.push_back("u" + std::to_string(user));
    for (std::int64_t day = static_cast<std::int64_t>(user) % 2; day < days; day += 2) {
      ItemIndex item = random.below(4) == 0 ? random.below(first_new_item) : random.below(20);
      if (drifts && day >= drift_begins && random.below(10) < 8) {
        const auto half_week = static_cast<ItemIndex>((day - drift_begins) / 4);
        item = (random.below(2) == 0 ? first_new_item : 30U) + 3 * half_week % 9 + random.below(3);
      }
      log.item.push_back(item);
      log.timestamp.push_back(day * 86'400 + static_cast<std::int64_t>(user) * 60);
    }
    log.user_begin.push_back(log.item.size());
  }
  for (ItemIndex item = 0; item < world_items; ++item) log.item_ids.push_back("i" + std::to_string(item));
  return log;
}

// Scores hardly depend on the user: the head's rows are tiny, and the biases are the logarithms of the counts.
inline FixedModel popularity_model(const data::Split& split, std::uint64_t seed = 2) {
  FixedModel model = random_fixed_model({world_items, 8, 8, 1, true, false}, seed);
  const auto counts = data::training_counts(split);
  for (ItemIndex item = 0; item < world_items; ++item) {
    model.weights.head_multiplier[item] = 1;
    const double logit = std::log(static_cast<double>(counts[item]) + 0.01);
    model.weights.head_bias[item] = static_cast<std::int32_t>(std::lround(logit * 65'536));
  }
  return model;
}

struct SmallWorld {
  data::Interactions log;
  data::Split split{log, data::SplitKind::temporal};
  FixedModel model = popularity_model(split);
  Engine engine{model, 1};
  Catalogue catalogue;

  explicit SmallWorld(bool drifts, std::size_t users = 200) : log(world_log(users, drifts)) {
    catalogue.item_ids = log.item_ids;
  }
};

}  // namespace sotto::test
