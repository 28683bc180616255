// Accuracy on parts of the targets: who gains, and where an arm lives on popularity or on repetition.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/rank_targets.hpp>

#include <span>
#include <vector>

namespace sotto::evaluate {

// All slices, in the order in which they are shown, those without targets too.
[[nodiscard]] std::vector<Slice> slice_targets(const data::Split& split, std::span<const data::Target> targets,
                                               const Rankings& rankings);

}  // namespace sotto::evaluate
