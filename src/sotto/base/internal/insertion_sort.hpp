// Sorting of what is short or nearly in order.
#pragma once

#include <cstddef>
#include <span>

namespace sotto {

// In place and stable: equal values keep their order. Quick where values are few or hardly out of order, n² / 4
// comparisons otherwise; a tenth of the code of std::sort, for the module that a page downloads.
template <class Value, class Before>
constexpr void insertion_sort(std::span<Value> values, Before before) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    const Value moved = values[i];
    std::size_t place = i;
    for (; place > 0 && before(moved, values[place - 1]); --place) values[place] = values[place - 1];
    values[place] = moved;
  }
}

}  // namespace sotto
