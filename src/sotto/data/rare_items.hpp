// Items with too few events to learn anything about, or to have a row of their own.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <string>

namespace sotto::data {

// Takes out the events on items with fewer than `min_events`.
void drop_rare_items(Interactions& log, std::size_t min_events);

// Makes them all events on one item, `stand_in`, which the log may have already. The users' sequences keep their
// length.
void pool_rare_items(Interactions& log, std::size_t min_events, const std::string& stand_in);

// Of a log with more than `max_items` items the `max_items` - 1 with the most events keep their id (of two with as many
// the one that appears first), and all others become `stand_in`, which is no other's rival: it stays if the log has it
// already. Precondition: max_items ≥ 1.
void pool_all_but_most_frequent(Interactions& log, std::size_t max_items, const std::string& stand_in);

}  // namespace sotto::data
