// An evaluation as a table on the terminal and as JSON; evaluation_page.hpp makes the HTML report of the same.
#pragma once

#include <sotto/cli/console.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/spec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::cli {

// The arm that is the model file as it ships; others stand beside it to explain it.
inline constexpr std::string_view shipped_arm = "fixed";

struct EvaluationReport {
  std::string model_file;
  std::uint64_t model_fingerprint = 0;
  Architecture architecture;
  TrainingRecord training;
  LogIdentity log;
  SplitRecord split;
  evaluate::Admission admission;
  bool history_excluded = false;
  std::size_t items = 0;
  std::uint64_t bootstrap_seed = 0;
  std::string command;    // what was typed, to type it again
  std::string html_file;  // empty when none is written
  evaluate::Evaluation evaluation;
};

struct AccuracyMetric {
  std::string_view json_name;
  std::string_view title;
  std::vector<evaluate::Estimate> evaluate::Accuracy::* values;
};
inline constexpr std::array<AccuracyMetric, 3> accuracy_metrics = {{{"hr", "HR", &evaluate::Accuracy::hr},
                                                                    {"ndcg", "NDCG", &evaluate::Accuracy::ndcg},
                                                                    {"mrr", "MRR", &evaluate::Accuracy::mrr}}};

// "the last event of 4,211 users, ranked among 3,659 items"
[[nodiscard]] std::string protocol_in_words(const EvaluationReport& report);
// What a reader of the figures should know.
[[nodiscard]] std::vector<std::string> notes_of(const EvaluationReport& report);

[[nodiscard]] Json to_json(const EvaluationReport& report);
// A row for each arm, the best of each column marked with a star.
[[nodiscard]] std::string to_text(const EvaluationReport& report);

// Says on stderr why there are no figures; the exit code for it.
int refuse_evaluation(std::string_view command, std::string_view refusal);

}  // namespace sotto::cli
