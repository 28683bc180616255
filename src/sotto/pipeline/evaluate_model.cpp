#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/limits.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/fit/model_parts.hpp>
#include <sotto/pipeline/evaluate_model.hpp>
#include <sotto/present/evaluation_report.hpp>
#include <sotto/runtime/engine.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::pipeline {

evaluate::Admission admit_to_evaluation(const ModelInfo& model, const data::Split& split, const LogIdentity& identity,
                                        std::string_view same_log_hint) {
  evaluate::Admission admission = evaluate::admit(model, split, identity);
  if (!admission.log_matches_training) {
    admission.notes.push_back("if it should be that log: " + std::string(same_log_hint));
  }
  for (std::string& limit : evaluate::limits_in_words(split)) admission.notes.push_back(std::move(limit));
  return admission;
}

Result<evaluate::Evaluation> evaluate_model(const EvaluatedModel& model, const data::Split& split,
                                            const evaluate::EvaluateOptions& options, const EvaluationHooks& hooks) {
  const Engine engine(model.fixed, model.fingerprint);
  std::vector<evaluate::Arm> arms;
  const auto add_model = [&](std::string name, std::unique_ptr<evaluate::Ranker> ranker, const ModelInfo& info) {
    arms.push_back(evaluate::model_arm(std::move(name), std::move(ranker), info.catalogue, split.log()));
  };
  if (model.original) add_model("float", evaluate::make_float_ranker(model.original->weights), model.original->info);
  add_model(std::string(present::shipped_arm), evaluate::make_fixed_ranker(engine), model.fixed.info);
  std::optional<std::vector<fit::ModelPart>> parts;
  if (model.original) {
    parts = fit::separate_parts(*model.original, split, model.log_matches_training, options.threads,
                                {.on_progress = hooks.on_fit, .stop = options.stop});
    if (hooks.on_fit_end) hooks.on_fit_end();
    if (!parts) return Error{ErrorCode::interrupted, "interrupted before the ranking began"};
    for (const fit::ModelPart& part : *parts) {
      add_model(part.name, evaluate::make_float_ranker(part.model.weights), part.model.info);
    }
  }
  for (evaluate::Arm& arm : evaluate::baseline_arms(split, options.exclude_history)) arms.push_back(std::move(arm));
  return evaluate::evaluate(split, arms, options, hooks.on_progress);
}

}  // namespace sotto::pipeline
