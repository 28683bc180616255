// Duplicate events have the same user, item and second.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <vector>

namespace sotto::data {

// Marks all events of each group of duplicates except the first. If the log has sessions inside users, only events of
// one session form a group.
[[nodiscard]] std::vector<bool> find_duplicates(const Interactions& log);

// Returns the number of events that were removed.
std::size_t drop_duplicates(Interactions& log);

}  // namespace sotto::data
