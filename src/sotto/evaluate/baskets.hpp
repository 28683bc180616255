// Baskets are events that came together. If several targets of a user share a timestamp, like the lines of an invoice,
// their order says little. The metric is then the share of the whole basket that is predicted.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::evaluate {

// Targets begin … end - 1 in the list of targets. They are all events of one user at one time.
struct Basket {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Returns the baskets that are held out as a whole: the event before their first target is earlier. Precondition:
// `targets` has the order of data::test_targets.
[[nodiscard]] std::vector<Basket> find_baskets(const data::Split& split, std::span<const data::Target> targets);

// The distinct items of a basket, ascending.
[[nodiscard]] std::vector<ItemIndex> items_of_basket(const data::Split& split, std::span<const data::Target> targets,
                                                     const Basket& basket);

}  // namespace sotto::evaluate
