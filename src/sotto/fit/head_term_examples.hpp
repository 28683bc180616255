// The examples for the fit of the head terms: validation targets, each with the network's output before it.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/data/split.hpp>
#include <sotto/fit/fit_monitor.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/runtime/count_lookup.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/train/thread_pool.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace sotto::fit {

// One validation target with the network's output and the evidence of the history before it.
struct HeadTermExample {
  std::vector<float> head_input;  // [H], from which softmax_head_scores gives the network's logits
  AlignedBuffer<float> logits;    // [items]; empty if they are not kept
  std::vector<ItemEvidence> evidence;
  std::span<const ItemIndex> recent;  // the latest events that the count expert looks up
  std::vector<ItemCount> counts;
  ItemIndex target;
};

// Returns all validation targets. If there are many, returns a part that is spread evenly over the log. Logits are kept
// for as many targets as fit in memory, again spread evenly. Without `history`, they have no evidence of it. `split`
// must outlive the examples. The examples are incomplete if the fit was stopped.
[[nodiscard]] std::vector<HeadTermExample> make_head_term_examples(const FloatModel& model, const data::Split& split,
                                                                   bool history, train::ThreadPool& pool,
                                                                   FitMonitor& monitor);

// Replaces the examples' counts by those of `expert`. Without an expert, there are no counts.
void look_up_counts(const std::optional<CountExpert>& expert, std::size_t items, std::vector<HeadTermExample>& examples,
                    train::ThreadPool& pool, FitMonitor& monitor);

// Divides examples among the threads in stretches: job(number of the stretch, begin, end). The size of a stretch is
// fixed, and sums over stretches are added in their order, so that they do not depend on the threads. A fit that is
// stopped skips stretches.
inline constexpr std::size_t examples_per_stretch = 64;
[[nodiscard]] inline std::size_t stretches_of(std::size_t examples) noexcept {
  return (examples + examples_per_stretch - 1) / examples_per_stretch;
}
template <class Job>
void run_in_stretches(std::size_t examples, train::ThreadPool& pool, FitMonitor& monitor, const Job& job) {
  pool.run(stretches_of(examples), [&](std::size_t number) {
    if (monitor.stopped()) return;
    const std::size_t begin = number * examples_per_stretch;
    const std::size_t end = std::min(examples, begin + examples_per_stretch);
    job(number, begin, end);
    monitor.done(end - begin);
  });
}

}  // namespace sotto::fit
