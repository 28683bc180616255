#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/present/check_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/training_report.hpp>
#include <sotto/present/words.hpp>
#include <sotto/train/validation.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sotto::present {

using evaluate::ArmMetrics;
using evaluate::Evaluation;
using report::Json;

namespace {

double ndcg_of(const ArmMetrics& arm) { return arm.accuracy.ndcg.front().value; }

std::string validation_in_words(const Evaluation& validation, bool then_trained) {
  std::string text = fmt::format("validation NDCG@{} {:.4f} over {} targets, of the fixed-point model with its terms{}",
                                 validation.cutoffs.front(), ndcg_of(validation.arms.front()),
                                 count(validation.targets), then_trained ? " before the final training" : "");
  if (!validation.best_baseline) return text;
  const ArmMetrics& best = validation.arms[*validation.best_baseline];
  return text + fmt::format("; {}, the best baseline, has {:.4f}", best.name, ndcg_of(best));
}

Json validation_to_json(const Evaluation& validation) {
  const std::string metric = fmt::format("ndcg@{}", validation.cutoffs.front());
  Json json = Json::object({{"arm", validation.arms.front().name},
                            {metric, ndcg_of(validation.arms.front())},
                            {"targets", validation.targets}});
  Json baselines = Json::object();
  for (const ArmMetrics& arm : validation.arms) {
    if (arm.kind == evaluate::ArmKind::baseline) baselines.set(arm.name, Json::object({{metric, ndcg_of(arm)}}));
  }
  json.set("baselines", std::move(baselines));
  if (validation.best_baseline) json.set("best_baseline", validation.arms[*validation.best_baseline].name);
  return json;
}

// Nothing can be fitted to so few targets.
std::string dropped_terms_in_words(const TrainingReport& report) {
  std::string terms;
  for (const std::string& term : report.dropped_terms) terms += fmt::format("{}no {}", terms.empty() ? "" : ", ", term);
  return fmt::format("the model gets {}: they are fitted to validation targets, and {} are fewer than {}", terms,
                     count(report.training.split.validation_targets), fit::min_head_term_targets);
}

}  // namespace

std::string to_text(const TrainingReport& report) {
  const TrainingRecord& training = report.training;
  std::string text =
      fmt::format("{}\ntrained on {} events of {} users in {}, {} epochs kept\npeak memory {}\n",
                  in_words(report.architecture), training.split.training_events, training.log.users,
                  seconds_in_words(training.seconds), training.epochs, bytes_in_words(report.peak_memory_bytes));
  text += fmt::format("fixed-point model: {} ({})\nfloat model: {} ({})\n", report.model_file,
                      bytes_in_words(report.model_bytes), report.float_model_file,
                      bytes_in_words(report.float_model_bytes));
  if (!report.dropped_terms.empty()) text += dropped_terms_in_words(report) + "\n";
  if (report.validation)
    return text + validation_in_words(*report.validation, training.split.validation_trained) + "\n";
  if (training.split.validation_targets == 0) return text;
  return text +
         fmt::format("{} over {} targets, of the network's best epoch\n", validation_in_words(training),
                     count(std::min<std::uint64_t>(training.split.validation_targets, train::max_validation_targets)));
}

Json to_json(const TrainingReport& report) {
  Json json = Json::object({{"model", report.model_file},
                            {"model_bytes", report.model_bytes},
                            {"float_model", report.float_model_file},
                            {"float_model_bytes", report.float_model_bytes},
                            {"interrupted", report.interrupted},
                            {"rows", to_json(report.rows)},
                            {"architecture", to_json(report.architecture)},
                            {"seconds", report.training.seconds},
                            {"peak_memory_bytes", report.peak_memory_bytes},
                            {"dropped_terms", Json::array_of(report.dropped_terms)},
                            {"training", to_json(report.training)}});
  if (report.validation) json.set("validation", validation_to_json(*report.validation));
  return json;
}

}  // namespace sotto::present
