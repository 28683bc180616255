// What 'sotto bench' measured, as text, as JSON and as a page.
#pragma once

#include <sotto/cli/console.hpp>
#include <sotto/measure/engine_speed.hpp>

#include <cstdint>
#include <string>

namespace sotto::cli {

// The fastest tier is to take one event with its top 10 at this share of the speed of the bare loop over the weights.
inline constexpr double floor_goal = 0.6;

struct BenchReport {
  std::string command_line;  // to measure again
  std::string model_file;    // empty: the model was generated
  Architecture architecture;
  int head_bits = 8;
  std::uint64_t model_bytes = 0;
  measure::EngineSpeed speed;
};

[[nodiscard]] std::string micros_text(double seconds);  // "7.29", "14.6", "1,204"
[[nodiscard]] std::string spread_text(const measure::Spread& seconds);  // "14.2 … 15.9"
[[nodiscard]] std::string model_in_words(const BenchReport& report);
// "avx2 takes one event with its top 10 at 71 % of the floor's speed (goal: 60 %)"; empty when that was not measured,
// and for a head of 4 bits.
[[nodiscard]] std::string verdict(const BenchReport& report);

[[nodiscard]] std::string to_text(const BenchReport& report);
[[nodiscard]] Json to_json(const BenchReport& report);
[[nodiscard]] std::string to_html(const BenchReport& report);

}  // namespace sotto::cli
