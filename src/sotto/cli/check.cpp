#include <sotto/app/interruption.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/items_options.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/present/check_report.hpp>

#include <chrono>
#include <ctime>
#include <memory>
#include <span>
#include <utility>

namespace sotto::cli {
namespace {

struct CheckCommand {
  LogOptions log;
  ItemsOptions items;
  std::string html;
  bool strict = false;
  bool json = false;
};

int run(app::Logger& log, const CheckCommand& options, const std::string& typed) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  const auto start = std::chrono::steady_clock::now();
  auto read = read_log(log, options.log, data::SplitKind::none, stop);
  if (!read) return fail(log, read.error());
  present::CheckReport report{.log_file = options.log.name(),
                              .command_line = typed,
                              .log = read->identity,
                              .read = read->report,
                              .filtered = read->filtered,
                              .quality = {},
                              .coverage = {},
                              .problems = {},
                              .now = std::time(nullptr)};
  if (!options.items.file.empty()) {
    if (auto looked = log_items_surprises(log, options.items.source()); !looked) return fail(log, looked.error());
    auto coverage = data::measure_coverage(read->log, options.items.source());
    if (!coverage) return fail(log, coverage.error());
    report.coverage = *coverage;
  }
  present::examine(report, read->log);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (const int code = deliver(log, report, options.html, options.json); code != exit_ok) return code;
  return options.strict && !report.problems.empty() ? exit_failure : exit_ok;
}

}  // namespace

Run add_check(Command command) {
  auto options = std::make_shared<CheckCommand>();
  options->log.add_to(command);
  options->items.add_to(command, "items file, to check it and to see how much of the log it describes");
  command.option("--html", options->html, "write the report as a page with plots as well")
      .type("PAGE")
      .writes(app::FileKind::page);
  command.flag("--strict", options->strict, "end with exit code 1 when anything is worth a look");
  command.flag("--json", options->json, "print the result as one JSON object");
  return [options, command](app::Logger& log) { return run(log, *options, command.typed()); };
}

}  // namespace sotto::cli
