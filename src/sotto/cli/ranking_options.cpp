#include <sotto/cli/ranking_options.hpp>

#include <CLI/CLI.hpp>

namespace sotto::cli {

void RankingOptions::add_to(CLI::App& command) {
  command.add_option("--seed", bootstrap_seed, "seed of the resampling behind the intervals")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--threads", threads, "processor threads, 0: all; no effect on the result")
      ->check(CLI::Range(0U, 1024U))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--html", html, "write a report with plots to this file: one page, nothing else needed")
      ->type_name("FILE");
  command.add_flag("--json", json, "print the result as one JSON object");
}

}  // namespace sotto::cli
