// The result of 'sotto train' as text for a terminal and as JSON.
#pragma once

#include <sotto/data/read_interactions.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <cstdint>
#include <string>

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
};

[[nodiscard]] std::string to_text(const TrainingReport& report);
[[nodiscard]] report::Json to_json(const TrainingReport& report);

}  // namespace sotto::present
