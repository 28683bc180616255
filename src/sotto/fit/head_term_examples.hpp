// What the head terms are fitted on: validation targets, with what the network says before each.
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

// One validation target: what the network says, and what the history before it says.
struct HeadTermExample {
  std::vector<float> head_input;  // [H], from which softmax_head_scores gives the network's logits
  AlignedBuffer<float> logits;    // [items], where they are kept, else empty
  std::vector<ItemEvidence> evidence;
  std::span<const ItemIndex> recent;  // the latest events that the count expert looks up
  std::vector<ItemCount> counts;
  ItemIndex target;
};

// All validation targets or, of many, a part that is spread evenly over the log. Logits are kept for as many of these
// as fit in memory, spread evenly again. `split` must outlive the examples. Of a fit that is stopped they are left
// unfinished.
[[nodiscard]] std::vector<HeadTermExample> make_head_term_examples(const FloatModel& model, const data::Split& split,
                                                                   train::ThreadPool& pool, FitMonitor& monitor);

// Fills the examples' counts anew, from `expert` or with none.
void look_up_counts(const std::optional<CountExpert>& expert, std::size_t items, std::vector<HeadTermExample>& examples,
                    train::ThreadPool& pool, FitMonitor& monitor);

// Hands examples to the threads in stretches: job(number of the stretch, begin, end). Their size is fixed, so that sums
// over stretches, added in order, do not depend on the threads. A fit that is stopped leaves stretches out.
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
