// The result of 'sotto check' as text for a terminal, as JSON and as one HTML page with plots.
#pragma once

#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/filters.hpp>
#include <sotto/data/quality.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::present {

struct CheckReport {
  std::string log_file;      // "a.csv", "standard input" or "a.csv and 2 more"
  std::string command_line;  // the command line that gives the same report again
  LogIdentity log;
  data::ReadReport read;
  data::FilterReport filtered;
  data::Quality quality;
  std::optional<data::ItemCoverage> coverage;  // empty without an items file
  std::vector<data::Problem> problems;
  double seconds = 0;
  std::optional<std::int64_t> now = {};  // seconds since 1970: later events are a problem
};

// Measures the quality of `log` and finds the problems. The caller has filled in what it knows of the log: the file's
// name, the identity, what reading and filters left out, and the coverage.
void examine(CheckReport& report, const data::Interactions& log);

// One sentence without a full stop.
[[nodiscard]] std::string in_words(data::Problem problem, const CheckReport& report);
// Three lines: the sizes, the shape of the log, and its problems.
[[nodiscard]] std::vector<std::string> summary(const CheckReport& report);

[[nodiscard]] std::string to_text(const CheckReport& report);
[[nodiscard]] report::Json to_json(const CheckReport& report);
[[nodiscard]] report::Json to_json(const data::ReadReport& read);  // counts of rows, and of refused rows by rule
[[nodiscard]] std::string to_html(const CheckReport& report);

}  // namespace sotto::present
