#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/pipeline/validate_model.hpp>
#include <sotto/present/evaluation_report.hpp>
#include <sotto/runtime/engine.hpp>

#include <string>
#include <utility>
#include <vector>

namespace sotto::pipeline {

Result<evaluate::Evaluation> validate_model(const FixedModel& model, const data::Split& split, std::uint32_t threads,
                                            const std::atomic<bool>* stop) {
  const evaluate::EvaluateOptions options{.target = evaluate::Target::validation,
                                          .max_targets = max_shown_validation_targets,
                                          .cutoffs = {10},
                                          .exclude_history = data::history_never_repeats(split),
                                          .threads = threads,
                                          .stop = stop};
  constexpr std::uint64_t no_file_yet = 0;
  const Engine engine(model, no_file_yet);
  std::vector<evaluate::Arm> arms;
  arms.push_back(evaluate::model_arm(std::string(present::shipped_arm), evaluate::make_fixed_ranker(engine),
                                     model.info.catalogue, split.log()));
  if (split.log().events() <= max_events_of_validation_baselines) {
    for (evaluate::Arm& arm : evaluate::baseline_arms(split, split, options.exclude_history))
      arms.push_back(std::move(arm));
  }
  return evaluate::evaluate(split, arms, options, {});
}

}  // namespace sotto::pipeline
