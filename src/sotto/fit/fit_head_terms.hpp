// Fits the head's additions to a trained network's logits: the history term (model/history_term.hpp) and the count
// expert's curve (model/count_expert.hpp).
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/count_table.hpp>
#include <sotto/fit/fit_progress.hpp>
#include <sotto/fit/head_term_numbers.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sotto::fit {

// The min number of validation targets for a fit.
inline constexpr std::size_t min_head_term_targets = 50;

struct HeadTermOptions {
  bool history_term = true;
  std::uint32_t count_neighbors = 20;  // kept by the count expert for each item; 0: no count expert
  const ContentSimilarity* content = nullptr;  // of the split's items; null or empty: there are no texts
};

// What a fit found. Together with a network and a split it gives a head's terms.
struct HeadTerms {
  bool history_term = false;
  std::optional<CountTableOptions> counting;  // of the count expert's table; nothing: no count expert
  HeadTermNumbers numbers{};
  double ndcg = 0;  // mean NDCG@10 of the validation targets (head_term_search.hpp)
};

struct HeadTermFitResult {
  bool finished = true;  // false if it was stopped
  std::optional<HeadTerms> terms = {};  // nothing if it was stopped, and for a model that gets no terms
};

// Finds the terms of `model` that rank the split's validation targets best. They were not used to train the network.
// Tries two ways to count (narrow and forward, wide and in both directions). Where items have texts, the third way is
// the second one with their content; in a sparse log without texts, it counts items of like company. Keeps the way with
// the highest NDCG@10. A model gets no terms if it has a binary head, or if the split has fewer validation targets than
// min_head_term_targets. The result does not depend on the number of threads. Precondition: the model has no terms.
[[nodiscard]] HeadTermFitResult fit_head_terms(const FloatModel& model, const data::Split& split,
                                               const HeadTermOptions& options, train::ThreadPool& pool,
                                               const FitHooks& hooks = {});

// Adds the terms to a model without terms. `content` is the one of the fit. Table and popularities are those of the
// split's training events, which may be more than the fit had. The terms are divided by the temperature of the
// network's logits, which changes no ranking. Popularity is added to the head's biases. The terms are incomplete if
// `stop` was set during the call.
void add_head_terms(const HeadTerms& terms, const data::Split& split, const ContentSimilarity* content,
                    FloatModel& model, const std::atomic<bool>* stop = nullptr);

}  // namespace sotto::fit
