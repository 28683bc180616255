// The result of 'sotto evaluate' as a table for a terminal, as JSON and as one HTML page with plots.
#pragma once

#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::present {

// The name of the arm that ranks with the model file as it ships. The other arms are there to compare it with.
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
  std::string command;    // the command line that gives the same report again
  std::string html_file;  // where the page is written; empty without one
  evaluate::Evaluation evaluation;
  // The same targets with the events of a second in a random order; empty where ties do not matter.
  std::optional<evaluate::Evaluation> shuffled_ties;
};

struct AccuracyMetric {
  std::string_view json_name;
  std::string_view title;
  std::vector<evaluate::Estimate> evaluate::Accuracy::* values;
};
inline constexpr std::array<AccuracyMetric, 3> accuracy_metrics = {{{"hr", "HR", &evaluate::Accuracy::hr},
                                                                    {"ndcg", "NDCG", &evaluate::Accuracy::ndcg},
                                                                    {"mrr", "MRR", &evaluate::Accuracy::mrr}}};

// An arm in the order of the file and with shuffled ties, by its NDCG at the main cut-off.
struct ShuffledArm {
  std::string name;
  double as_logged = 0;
  evaluate::Estimate shuffled;

  [[nodiscard]] double change() const noexcept;  // as a share of as_logged
};
// Precondition: report.shuffled_ties has a value.
[[nodiscard]] std::vector<ShuffledArm> shuffled_arms(const EvaluationReport& report);
[[nodiscard]] std::string shuffled_ties_in_words(const EvaluationReport& report);  // what was compared, in sentences

// "the last event of 4,211 users, ranked among 3,659 items"
[[nodiscard]] std::string protocol_in_words(const EvaluationReport& report);
// Returns sentences that a reader of the figures must know to judge them.
[[nodiscard]] std::vector<std::string> notes_of(const EvaluationReport& report);

[[nodiscard]] report::Json to_json(const EvaluationReport& report);
// Each arm has a row. A star marks the best value of each column.
[[nodiscard]] std::string to_text(const EvaluationReport& report);
[[nodiscard]] std::string to_html(const EvaluationReport& report);

}  // namespace sotto::present
