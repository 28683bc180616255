// Taking events out of a log in place.
#pragma once

#include <sotto/data/interactions.hpp>

#include <vector>

namespace sotto::data {

// Keeps the events that are marked, and of users and items those that have one. All keep their order. What remains of a
// session is still a session.
void keep_events(Interactions& log, const std::vector<bool>& keep);

// Takes out items without events.
void drop_items_without_events(Interactions& log);

}  // namespace sotto::data
