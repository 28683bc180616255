// The result of 'sotto train' as text for a terminal and as JSON.
#pragma once

#include <sotto/data/read_interactions.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::present {

struct TrainingReport {
  std::string model_file;
  std::uint64_t model_bytes = 0;
  std::string float_model_file;
  std::uint64_t float_model_bytes = 0;
  bool interrupted = false;
  data::ReadReport rows;
  Architecture architecture;
  TrainingRecord training;
  std::uint64_t peak_memory_bytes = 0;
  // The terms of the head that were asked for and could not be fitted, such as "history term".
  std::vector<std::string> dropped_terms;
  // The model as it ships on validation targets: its first arm is the model. None for an interrupted training.
  std::optional<evaluate::Evaluation> validation;
};

[[nodiscard]] std::string to_text(const TrainingReport& report);
[[nodiscard]] report::Json to_json(const TrainingReport& report);

}  // namespace sotto::present
