// Separates a trained model into its parts, to measure the contribution of each.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::fit {

// Returns the network alone, without history term and count expert.
[[nodiscard]] FloatModel network_alone(const FloatModel& model);

// Returns the count expert and the history term alone. The items' log popularity replaces the network's logits, and the
// terms are fitted again to the split's validation targets. Returns nothing if the fit was stopped. Preconditions: the
// model has one of the two terms; the split is the one of its training and has at least min_head_term_targets
// validation targets.
[[nodiscard]] std::optional<FloatModel> counts_alone(const FloatModel& model, const data::Split& split,
                                                     train::ThreadPool& pool, const FitHooks& hooks = {});

// A part of a model, which can be ranked with as a model.
struct ModelPart {
  std::string name;  // "lstm" or "counts"
  FloatModel model;
};

// Returns the parts that can be told apart: none for a model without history term and count expert; else the network
// alone, and the counts alone where they can be fitted. The fit looks at validation targets. They may be those of the
// model's own log only, in the order of its items, and there must be min_head_term_targets of them.
// `log_matches_training` tells that the split's log is the model's own. Returns nothing if the fit was stopped. 0
// threads: all.
[[nodiscard]] std::optional<std::vector<ModelPart>> separate_parts(const FloatModel& model, const data::Split& split,
                                                                   bool log_matches_training, std::uint32_t threads,
                                                                   const FitHooks& hooks = {});

}  // namespace sotto::fit
