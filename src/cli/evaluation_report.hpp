// An evaluation as a table and as JSON.
#pragma once

#include <sotto/cli/console.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::cli {

struct EvaluationReport {
  std::string model_file;
  std::uint64_t model_fingerprint;
  LogIdentity log;
  SplitRecord split;
  evaluate::Admission admission;
  bool history_excluded;
  std::size_t items;
  evaluate::Evaluation evaluation;
};

[[nodiscard]] Json to_json(const EvaluationReport& report);
// A row for each arm, the best of each column marked with a star.
[[nodiscard]] std::string to_text(const EvaluationReport& report);

// Says on stderr why there are no figures; the exit code for it.
int refuse_evaluation(std::string_view command, std::string_view refusal);

}  // namespace sotto::cli
