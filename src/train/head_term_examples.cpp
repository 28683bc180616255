#include <sotto/train/head_term_examples.hpp>

namespace sotto::train {
namespace {

constexpr std::size_t max_logits = 40'000'000;  // kept in memory: targets × items, 160 MB

std::vector<data::Target> targets_to_fit_on(const data::Split& split, std::size_t items) {
  std::vector<data::Target> targets = data::validation_targets(split);
  const std::size_t most = std::max(max_logits / items, min_head_term_targets);
  if (targets.size() <= most) return targets;
  std::vector<data::Target> chosen;  // evenly over the log
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(targets[i * targets.size() / most]);
  return chosen;
}

}  // namespace

std::vector<HeadTermExample> make_head_term_examples(const FloatModel& model, const data::Split& split,
                                                     ThreadPool& pool, FitMonitor& monitor) {
  const auto targets = targets_to_fit_on(split, model.info.architecture.items);
  std::vector<HeadTermExample> examples(targets.size());
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
      const auto items = split.log().items_of(user);
      while (observed < event) session.observe(items[observed++]);
      HeadTermExample& example = examples[i];
      example.logits = AlignedBuffer<float>(model.info.architecture.items);
      session.network_scores(example.logits.span());
      if (model.weights.history) {
        const auto evidence = session.history().evidence();
        example.evidence.assign(evidence.begin(), evidence.end());
      }
      const std::size_t recent = std::min(event, count_expert_events);
      example.recent = items.subspan(event - recent, recent);
      example.target = items[event];
    }
  });
  return examples;
}

void look_up_counts(const std::optional<CountExpert>& expert, std::size_t items, std::vector<HeadTermExample>& examples,
                    ThreadPool& pool, FitMonitor& monitor) {
  run_in_stretches(examples.size(), pool, monitor, [&](std::size_t, std::size_t begin, std::size_t end) {
    CountLookup lookup(expert ? &*expert : nullptr, static_cast<std::uint32_t>(items));
    for (std::size_t i = begin; i < end; ++i) {
      const auto counts = lookup.counts(examples[i].recent);
      examples[i].counts.assign(counts.begin(), counts.end());
    }
  });
}

}  // namespace sotto::train
