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
  if (model.training.split.validation_trained) {
    admission.notes.emplace_back(
        "after its choices the model was trained once more with the validation's events, and the baselines count them, "
        "too");
  }
  for (std::string& limit : evaluate::limits_in_words(split)) admission.notes.push_back(std::move(limit));
  return admission;
}

Result<evaluate::Evaluation> evaluate_model(const EvaluatedModel& model, const data::Split& split,
                                            const evaluate::EvaluateOptions& options,
                                            const std::function<void(std::size_t, std::size_t)>& on_progress) {
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
  return evaluate::evaluate(learned, arms, options, on_progress);
}

}  // namespace sotto::pipeline
