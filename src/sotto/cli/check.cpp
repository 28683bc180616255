#include <sotto/cli/check_report.hpp>
#include <sotto/cli/command_line.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/interruption.hpp>
#include <sotto/cli/model_files.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <span>
#include <utility>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "check";

struct CheckCommand {
  LogOptions log;
  std::string items_file;
  std::string html;
  bool strict = false;
  bool json = false;
};

int run(const CheckCommand& options, const std::string& typed) {
  const std::atomic<bool>& stop = stop_on_interruption();
  const auto start = std::chrono::steady_clock::now();
  if (!options.html.empty()) {
    if (auto writable = check_writable(options.html); !writable) return fail(command, writable.error());
  }
  auto read = read_log(command, options.log, data::SplitKind::none, stop);
  if (!read) return fail(command, read.error());
  std::optional<data::ItemCoverage> coverage;
  if (!options.items_file.empty()) {
    auto measured = data::measure_coverage(read->log, options.items_file);
    if (!measured) return fail(command, measured.error());
    coverage = *measured;
  }
  CheckReport report = examine(options.log, *read, coverage);
  report.command_line = typed;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!options.html.empty()) {
    const std::string page = to_html(report);
    if (auto written = data::write_file_atomically(options.html, std::as_bytes(std::span(page))); !written)
      return fail(command, written.error());
  }
  if (options.json) {
    print_json(to_json(report));
  } else {
    print(to_text(report));
  }
  return options.strict && !report.problems.empty() ? exit_failure : exit_ok;
}

}  // namespace

Subcommand add_check(CLI::App& app) {
  auto options = std::make_shared<CheckCommand>();
  CLI::App* check = app.add_subcommand("check", "Look at a log before training: rows, users, items, time");
  options->log.add_to(*check);
  check->add_option("--items", options->items_file, "items file, to see how much of the log it describes")
      ->type_name("FILE");
  check->add_option("--html", options->html, "write the report as a page with plots as well")->type_name("PAGE");
  check->add_flag("--strict", options->strict, "end with exit code 1 when anything is worth a look");
  check->add_flag("--json", options->json, "print the result as one JSON object");
  return {check, [options, check] { return run(*options, command_line(*check)); }};
}

}  // namespace sotto::cli
