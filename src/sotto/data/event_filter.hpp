// Removes events from a log in place.
#pragma once

#include <sotto/data/interactions.hpp>

#include <vector>

namespace sotto::data {

// Keeps the marked events, and the users and items that have one. All keep their order. The remaining events of a
// session still form a session.
void keep_events(Interactions& log, const std::vector<bool>& keep);

// Removes items without events.
void drop_items_without_events(Interactions& log);

}  // namespace sotto::data
