// The popularity of the items in the training events.
#pragma once

#include <sotto/data/split.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto::evaluate {

// Returns each item's share of the training events. All shares together are below 1, so that they order only items
// whose whole counts are equal.
[[nodiscard]] std::vector<double> tie_breaking_popularity(const data::Split& split);

// Returns for each item the share of items with fewer training events, plus half the share with equally many: 0 … 1.
[[nodiscard]] std::vector<double> popularity_percentiles(std::span<const std::uint64_t> counts);

// The classes of items by falling number of training events: the items with the first 20 % of the events, the next 30
// %, the rest, and the items without events.
enum class PopularityClass { head, mid, tail, unseen };
[[nodiscard]] std::vector<PopularityClass> popularity_classes(std::span<const std::uint64_t> counts);

}  // namespace sotto::evaluate
