// Learning what the personal memory begins with (model/memory_term.hpp), on top of a finished fixed-point model.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/model/fixed_model.hpp>

#include <optional>

namespace sotto::fit {

// The temperature, the memory weights and the parts of the recent means of the lowest cross-entropy on the split's
// validation targets, which the network was not trained on: four passes of AdaGrad over the users in the log's order,
// in one thread; with them the adapter's directions. Of a log with many targets, or of a large catalogue, as many users
// as cost no more than a few minutes, spread evenly. Nothing when it was stopped, for a binary head, and with fewer
// targets than min_head_term_targets.
[[nodiscard]] std::optional<MemoryTerm> fit_memory_term(const FixedModel& model, const data::Split& split,
                                                        const FitHooks& hooks = {});

}  // namespace sotto::fit
