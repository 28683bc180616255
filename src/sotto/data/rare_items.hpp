// Handles items with too few events to learn from, or to have a row of their own.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <string>

namespace sotto::data {

// Removes the events on items with fewer than `min_events` events.
void drop_rare_items(Interactions& log, std::size_t min_events);

// Replaces these items by one item, `stand_in`, which the log may already have. The users' sequences keep their length.
void pool_rare_items(Interactions& log, std::size_t min_events, const std::string& stand_in);

// Limits a log to `max_items` items. The `max_items` - 1 items with the most events keep their ids. Among equal counts,
// the item that appears first has priority. All other items become `stand_in`. If the log already has `stand_in`, that
// item stays and does not compete. Precondition: max_items ≥ 1.
void pool_all_but_most_frequent(Interactions& log, std::size_t max_items, const std::string& stand_in);

}  // namespace sotto::data
