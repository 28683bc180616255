// The progress of a fit of the head's terms, and the caller's request to stop it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace sotto::fit {

// histories: the network runs through the histories before the targets.
// terms: passes over the targets fit the terms to the network's logits.
// memory: the memory term is fitted (fit_memory_term.hpp).
enum class FitStage { histories, terms, memory };

// A snapshot for the progress line.
struct FitProgress {
  FitStage stage = FitStage::histories;
  std::uint64_t targets_done = 0;  // in this stage; every pass counts each target again
  std::uint64_t targets_planned = 0;  // grows while the search finds better terms
  double targets_per_second = 0;
  double best_validation = 0;  // NDCG@10 of the best search on the targets; 0 before the end of the first search
  double seconds = 0;
  double eta_seconds = 0;  // to the end of this stage
};

struct FitHooks {
  std::function<void(const FitProgress&)> on_progress;  // a few times a second, from one thread at a time
  const std::atomic<bool>* stop = nullptr;  // when set, the fit ends soon and leaves the model as it was
};

}  // namespace sotto::fit
