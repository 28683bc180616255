// Events that are there twice: the same user, item and second.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <vector>

namespace sotto::data {

// Marks all but the first of each group of duplicates. Where the log has sessions inside users, only within a session.
[[nodiscard]] std::vector<bool> find_duplicates(const Interactions& log);

// Returns how many events were taken out.
std::size_t drop_duplicates(Interactions& log);

}  // namespace sotto::data
