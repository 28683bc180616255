// Makes the list that an arm would show: the best of its scores, without sorting all of them.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::evaluate {

// Fills `best` with the items of the k highest scores: best first, ties by lower index. There are fewer if fewer items
// remain. Scores of -∞, which exclude an item, and NaN are left out.
void top_items(std::span<const double> scores, std::size_t k, std::vector<ItemIndex>& best);

}  // namespace sotto::evaluate
