#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/head_term_examples.hpp>

namespace sotto::fit {
namespace {

constexpr std::size_t max_logit_values = 40'000'000;  // kept in memory: targets × items, 160 MB
// If logits are kept for fewer targets than this, the NDCG search still uses this many targets.
constexpr std::size_t enough_targets = 10'000;

// Returns up to `max` of `count` indices, spread evenly.
std::vector<std::size_t> spread(std::size_t count, std::size_t max) {
  const std::size_t chosen_count = std::min(count, max);
  std::vector<std::size_t> chosen(chosen_count);
  for (std::size_t i = 0; i < chosen_count; ++i) chosen[i] = i * count / chosen_count;
  return chosen;
}

}  // namespace

std::vector<HeadTermExample> make_head_term_examples(const FloatModel& model, const data::Split& split, bool history,
                                                     train::ThreadPool& pool, FitMonitor& monitor) {
  const std::size_t items = model.info.architecture.items;
  const std::size_t max_logits = std::max(max_logit_values / items, min_head_term_targets);
  const auto all_targets = data::validation_targets(split);
  std::vector<data::Target> targets;
  for (const std::size_t at : spread(all_targets.size(), std::max(max_logits, enough_targets))) {
    targets.push_back(all_targets[at]);
  }
  std::vector<HeadTermExample> examples(targets.size());
  for (const std::size_t at : spread(examples.size(), max_logits)) examples[at].logits = AlignedBuffer<float>(items);
  monitor.begin(FitStage::histories, targets.size());
  run_in_stretches(targets.size(), pool, monitor, [&](std::size_t, std::size_t begin, std::size_t end) {
    FloatSession session(model.weights);
    std::size_t observed = 0;
    for (std::size_t i = begin; i < end && !monitor.stopped(); ++i) {
      const auto& [user, event] = targets[i];
      if (i == begin || targets[i - 1].user != user) {
        session.reset();
        observed = 0;
      }
      const auto events = split.log().items_of(user);
      while (observed < event) session.observe(events[observed++]);
      HeadTermExample& example = examples[i];
      example.head_input.assign(session.head_input().begin(), session.head_input().end());
      if (example.logits.size() > 0) session.network_scores(example.logits.span());
      if (history) {
        const auto evidence = session.history_evidence();
        example.evidence.assign(evidence.begin(), evidence.end());
      }
      const std::size_t recent = std::min(event, count_expert_events);
      example.recent = events.subspan(event - recent, recent);
      example.target = events[event];
    }
  });
  return examples;
}

void look_up_counts(const std::optional<CountExpert>& expert, std::size_t items, std::vector<HeadTermExample>& examples,
                    train::ThreadPool& pool, FitMonitor& monitor) {
  run_in_stretches(examples.size(), pool, monitor, [&](std::size_t, std::size_t begin, std::size_t end) {
    CountLookup lookup(expert ? &*expert : nullptr, static_cast<std::uint32_t>(items));
    for (std::size_t i = begin; i < end; ++i) {
      const auto counts = lookup.counts(examples[i].recent);
      examples[i].counts.assign(counts.begin(), counts.end());
    }
  });
}

}  // namespace sotto::fit
