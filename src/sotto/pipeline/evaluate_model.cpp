#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/limits.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/evaluate/shuffled_ties.hpp>
#include <sotto/fit/model_parts.hpp>
#include <sotto/pipeline/evaluate_model.hpp>
#include <sotto/present/evaluation_report.hpp>
#include <sotto/runtime/engine.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::pipeline {
namespace {

using OnProgress = std::function<void(std::size_t, std::size_t)>;

// The progress of one of several rankings of the same users, as that of all of them.
OnProgress part_of_progress(const OnProgress& on_progress, std::size_t part, std::size_t parts) {
  if (!on_progress) return {};
  return [&on_progress, part, parts](std::size_t done, std::size_t users) {
    on_progress(part * users + done, parts * users);
  };
}

Result<evaluate::Evaluation> evaluate_shuffled(const Engine& engine, const ModelInfo& model, const data::Split& split,
                                               const evaluate::EvaluateOptions& options,
                                               const OnProgress& on_progress) {
  const data::Interactions log = evaluate::shuffled_ties(split, options.bootstrap_seed);
  const data::Split shuffled(log, split.kind());
  const data::Split learned = model.training.split.validation_trained ? shuffled.with_validation_trained() : shuffled;
  std::vector<evaluate::Arm> arms;
  arms.push_back(evaluate::model_arm(std::string(present::shipped_arm), evaluate::make_fixed_ranker(engine),
                                     model.catalogue, log));
  for (evaluate::Arm& arm : evaluate::baseline_arms(shuffled, learned, options.exclude_history)) {
    arms.push_back(std::move(arm));
  }
  return evaluate::evaluate(learned, arms, options, on_progress);
}

}  // namespace

evaluate::Admission admit_to_evaluation(const ModelInfo& model, const data::Split& split, const LogIdentity& identity,
                                        std::string_view same_log_hint) {
  evaluate::Admission admission = evaluate::admit(model, split, identity);
  if (!admission.log_matches_training && !admission.only_times_differ) {
    admission.notes.push_back("if it should be that log: " + std::string(same_log_hint));
  }
  if (model.training.split.validation_trained) {
    admission.notes.emplace_back(
        "after its choices the model was trained once more with the validation's events, and the baselines count them, "
        "too");
  }
  for (std::string& limit : evaluate::limits_in_words(split)) admission.notes.push_back(std::move(limit));
  return admission;
}

Result<ModelEvaluation> evaluate_model(const EvaluatedModel& model, const data::Split& split,
                                       const evaluate::EvaluateOptions& options, const OnProgress& on_progress) {
  const Engine engine(model.fixed, model.fingerprint);
  std::vector<evaluate::Arm> arms;
  const auto add_model = [&](std::string name, std::unique_ptr<evaluate::Ranker> ranker, const ModelInfo& info) {
    arms.push_back(evaluate::model_arm(std::move(name), std::move(ranker), info.catalogue, split.log()));
  };
  if (model.original) add_model("float", evaluate::make_float_ranker(model.original->weights), model.original->info);
  add_model(std::string(present::shipped_arm), evaluate::make_fixed_ranker(engine), model.fixed.info);
  std::vector<fit::ModelPart> parts;  // the rankers look at their models
  if (model.original) parts = fit::separate_parts(*model.original);
  for (const fit::ModelPart& part : parts) {
    add_model(part.name, evaluate::make_float_ranker(part.model.weights), part.model.info);
  }
  // Baselines learn from the same events as the model.
  const bool all = model.fixed.info.training.split.validation_trained;
  const data::Split learned = all ? split.with_validation_trained() : split;
  for (evaluate::Arm& arm : evaluate::baseline_arms(split, learned, options.exclude_history)) {
    arms.push_back(std::move(arm));
  }
  const bool again = evaluate::ties_matter(split);
  auto figures = evaluate::evaluate(learned, arms, options, part_of_progress(on_progress, 0, again ? 2 : 1));
  if (!figures) return std::move(figures).error();
  ModelEvaluation result{.figures = *std::move(figures), .shuffled_ties = {}};
  if (!again) return result;
  auto shuffled = evaluate_shuffled(engine, model.fixed.info, split, options, part_of_progress(on_progress, 1, 2));
  if (!shuffled) return std::move(shuffled).error();
  result.shuffled_ties = *std::move(shuffled);
  return result;
}

}  // namespace sotto::pipeline
