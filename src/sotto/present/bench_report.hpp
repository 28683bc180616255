// The result of 'sotto bench' as a table for a terminal, as JSON and as one HTML page with plots.
#pragma once

#include <sotto/measure/engine_speed.hpp>
#include <sotto/report/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::present {

// The goal for the fastest tier. It is the speed of one event with a top 10, as a share of the speed of the bare loop
// over the weights.
inline constexpr double floor_goal = 0.6;

struct BenchReport {
  std::string command_line;  // the command line that measures the same again
  std::string model_file;    // empty where the model was generated
  Architecture architecture;
  int head_bits = 8;
  std::uint64_t model_bytes = 0;
  measure::EngineSpeed speed;
};

// The result of 'sotto bench --calls': a fixed number of calls of each row, without times.
struct CallCheck {
  std::string row;
  std::string tier;
  std::uint32_t check = 0;  // the sum of what the calls returned, which is the same in every tier
};
struct CallChecks {
  std::uint64_t calls = 0;  // of each row
  std::vector<CallCheck> rows;
};

[[nodiscard]] std::string micros_text(double seconds);  // "7.29", "14.6", "1,204"
[[nodiscard]] std::string spread_text(const measure::Spread& seconds);  // "14.2 … 15.9"
[[nodiscard]] std::string model_in_words(const BenchReport& report);
// "avx2 takes one event with its top 10 at 71 % of the floor's speed (goal: 60 %)". Empty where that was not measured
// and for a head with 4-bit weights.
[[nodiscard]] std::string verdict(const BenchReport& report);

[[nodiscard]] std::string to_text(const BenchReport& report);
[[nodiscard]] report::Json to_json(const BenchReport& report);
[[nodiscard]] std::string to_html(const BenchReport& report);

[[nodiscard]] std::string to_text(const CallChecks& checks);
[[nodiscard]] report::Json to_json(const CallChecks& checks);

}  // namespace sotto::present
