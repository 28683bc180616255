// Items with too few events to learn anything about.
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

}  // namespace sotto::data
