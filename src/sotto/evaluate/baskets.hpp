// Events that came together: where several targets of a user share a timestamp, as the lines of an invoice do,
// their order says little, and what is asked is how much of the whole basket is foreseen.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::evaluate {

// Targets begin … end - 1 in the list of targets: all the events of one user at one time.
struct Basket {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The baskets that are held out whole: the event before their first target came earlier. `targets` in the order of
// data::test_targets.
[[nodiscard]] std::vector<Basket> find_baskets(const data::Split& split, std::span<const data::Target> targets);

// The distinct items of a basket, ascending.
[[nodiscard]] std::vector<ItemIndex> items_of_basket(const data::Split& split, std::span<const data::Target> targets,
                                                     const Basket& basket);

}  // namespace sotto::evaluate
