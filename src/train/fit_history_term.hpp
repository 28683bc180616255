// Learning the history term (model/history_term.hpp) on top of a trained network.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/model/float_model.hpp>

#include <cstddef>
#include <optional>

namespace sotto::train {

// Fewer validation targets than this say too little to learn from.
inline constexpr std::size_t min_history_targets = 50;

// Minimises the cross-entropy of the split's validation targets (which the network was not trained on) over
// the term's tables and a temperature of the network's logits, by Adam on all of them at once; the temperature
// is divided out afterwards, since it changes no ranking. A prior keeps neighbouring ages alike and all values near
// 0 where targets are few. Deterministic. Nothing when there are too few targets.
[[nodiscard]] std::optional<HistoryTerm> fit_history_term(const FloatModel& model, const data::Split& split);

}  // namespace sotto::train
