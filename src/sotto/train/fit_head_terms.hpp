// Learning what the head adds to the network's logits, on top of a trained network: the history term
// (model/history_term.hpp) and the count expert's curve (model/count_expert.hpp).
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace sotto::train {

// Fewer validation targets than this say too little to learn from.
inline constexpr std::size_t min_head_term_targets = 50;

struct HeadTermOptions {
  bool history_term = true;
  std::uint32_t count_neighbours = 20;  // that the count expert keeps for each item; 0: no count expert
};

// First the network runs through the targets' histories, then passes over the targets fit the terms to what it said.
// The memory term has a stage of its own (fit_memory_term.hpp).
enum class FitStage { histories, terms, memory };

// A snapshot for the progress line.
struct FitProgress {
  FitStage stage = FitStage::histories;
  std::uint64_t targets_done = 0;     // of this stage; a target counts at every pass
  std::uint64_t targets_planned = 0;  // grows while the search finds better terms
  double targets_per_second = 0;
  double best_validation = 0;  // NDCG@10 on the targets of the best search; 0 before one has ended
  double seconds = 0;
  double eta_seconds = 0;  // to the end of this stage
};

struct FitHooks {
  std::function<void(const FitProgress&)> on_progress;  // a few times a second, from one thread at a time
  const std::atomic<bool>* stop = nullptr;  // when set, the fit ends soon and leaves the model as it was
};

// Adds the terms to the model. Of a few ways to count (narrow and forward, wide and both ways) the count expert keeps
// the one with the higher NDCG@10. With fewer validation targets than min_head_term_targets the model stays as it is.
// Returns false when it was stopped: then the model is as it was.
[[nodiscard]] bool add_head_terms(FloatModel& model, const data::Split& split, const HeadTermOptions& options,
                                  ThreadPool& pool, const FitHooks& hooks = {});

// Fits those of the terms that `model.weights` has (a default-constructed history term, a count expert with its table
// and decay) to the split's validation targets, which the network was not trained on, writes them there and returns
// these targets' mean NDCG@10 (head_term_search.hpp), or nothing when it was stopped. The temperature of the network's
// logits is divided out, since it changes no ranking; popularity goes into the head's biases. Deterministic on any
// number of threads. Precondition: validation_targets ≥ min_head_term_targets.
std::optional<double> fit_head_terms(FloatModel& model, const data::Split& split, ThreadPool& pool,
                                     const FitHooks& hooks = {});

}  // namespace sotto::train
