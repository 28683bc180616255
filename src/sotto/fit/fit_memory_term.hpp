// Fits the start values of the personal memory (model/memory_term.hpp) for a finished fixed-point model.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <optional>

namespace sotto::fit {

// Fits the temperature, the memory weights and the parts of the recent means to the lowest cross-entropy. It uses the
// split's validation targets, which were not used to train the network. Adds the adapter's directions. It takes four
// passes of AdaGrad over the users in the log's order, in one thread. If there are many targets or the catalogue is
// large, it takes only as many users, spread evenly, as cost a few minutes. Returns nothing if it was stopped, for a
// binary head, and with fewer targets than min_head_term_targets.
[[nodiscard]] std::optional<MemoryTerm> fit_memory_term(const FixedModel& model, const data::Split& split,
                                                        const FitHooks& hooks = {});

// Gives the memory term to both models, so that quantization from the float model gives the same model again; nothing:
// both end without one. The term may be fitted to another network. The adapter's directions are those of `fixed`.
void add_memory_term(const std::optional<MemoryTerm>& term, FloatModel& model, FixedModel& fixed);

}  // namespace sotto::fit
