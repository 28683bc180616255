// What 'sotto check' found, as text, as JSON and as a page.
#pragma once

#include <sotto/cli/console.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/quality.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sotto::cli {

struct CheckReport {
  std::string log_file;
  std::string command_line;  // to make the same report again
  LogIdentity log;
  data::ReadReport read;
  data::FilterReport filtered;
  data::Quality quality;
  std::optional<data::ItemCoverage> coverage;
  std::vector<data::Problem> problems;
  double seconds = 0;
};

// Examines a log that has been read; the command line and the seconds are left to the caller.
[[nodiscard]] CheckReport examine(const LogOptions& options, const ReadLog& read,
                                  std::optional<data::ItemCoverage> coverage);

// One sentence without a full stop.
[[nodiscard]] std::string in_words(data::Problem problem, const CheckReport& report);
// Three lines: what is there, what it is like, what deserves a look.
[[nodiscard]] std::vector<std::string> summary(const CheckReport& report);

[[nodiscard]] std::string to_text(const CheckReport& report);
[[nodiscard]] Json to_json(const CheckReport& report);
[[nodiscard]] Json to_json(const data::ReadReport& read);  // its rows, refused ones by rule
[[nodiscard]] std::string to_html(const CheckReport& report);

}  // namespace sotto::cli
