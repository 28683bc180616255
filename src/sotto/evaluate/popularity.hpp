// How popular the items are in the training events.
#pragma once

#include <sotto/data/split.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto::evaluate {

// Each item's share of training events, all together below 1: it orders only what whole counts leave equal.
[[nodiscard]] std::vector<double> tie_breaking_popularity(const data::Split& split);

// Of each item, the share of items with fewer training events, plus half the share with as many: 0 … 1.
[[nodiscard]] std::vector<double> popularity_percentiles(std::span<const std::uint64_t> counts);

// Items by falling number of training events: those that make up the first 20 % of the events, the next 30 %,
// the rest, and the ones without any.
enum class PopularityClass { head, mid, tail, unseen };
[[nodiscard]] std::vector<PopularityClass> popularity_classes(std::span<const std::uint64_t> counts);

}  // namespace sotto::evaluate
