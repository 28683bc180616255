// What the figures of an evaluation cannot show, as far as the split tells.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace sotto::evaluate {

inline constexpr std::size_t few_targets = 200;   // fewer targets are worth a note
inline constexpr double many_ties = 0.05;         // a higher share of tied targets is worth a note

// The number of test targets that are in the same second as their user's event before them.
[[nodiscard]] std::size_t count_tied_targets(const data::Split& split);

// Their share of the test targets; 0 where the log's times are finer than a second, because the order is known then.
[[nodiscard]] double tied_share(const data::Split& split);

// Notes for readers of the figures, one sentence each without a full stop: too few targets; targets whose order is only
// that of the file; events of other users from after the targets, which leave-last-out trains on.
[[nodiscard]] std::vector<std::string> limits_in_words(const data::Split& split);

}  // namespace sotto::evaluate
