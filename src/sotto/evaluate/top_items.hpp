// The list that an arm would show: the best of its scores, without sorting them all.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::evaluate {

// Fills `best` with the k highest scores' items, best first, ties by lower index; fewer when fewer are left.
// Left out: scores of -∞, which exclude an item, and what is not a number.
void top_items(std::span<const double> scores, std::size_t k, std::vector<ItemIndex>& best);

}  // namespace sotto::evaluate
