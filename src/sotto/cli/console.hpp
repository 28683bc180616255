// Prints what the program says: results go to stdout, everything else goes to stderr.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/report/json.hpp>

#include <string>
#include <string_view>

namespace sotto::cli {

// Logs the error and returns the exit code that goes with it.
int fail(app::Logger& log, const Error& error);

// Prints the text so that a terminal obeys nothing in it (report/terminal_text.hpp).
void print(std::string_view text);
// Prints the document and a line end. A terminal obeys nothing in it either.
void print_json(const report::Json& document);
// Prints a report of present/: its document for programs, or its text for people.
template <class Report>
void print_report(const Report& report, bool json) {
  json ? print_json(to_json(report)) : print(to_text(report));
}

// Writes the page to the file, atomically.
[[nodiscard]] Status write_page(const std::string& file, std::string_view page);

// Writes the report's page to the file `html`, unless that is empty, and prints the report. Returns the exit code.
template <class Report>
int deliver(app::Logger& log, const Report& report, const std::string& html, bool json) {
  if (!html.empty()) {
    if (auto written = write_page(html, to_html(report)); !written) return fail(log, written.error());
  }
  print_report(report, json);
  return exit_ok;
}

[[nodiscard]] bool stderr_is_terminal() noexcept;
// Replaces the line on the terminal that stderr is.
void rewrite_line(std::string_view text);

}  // namespace sotto::cli
