#include <sotto/cli/ranking_options.hpp>

namespace sotto::cli {

void RankingOptions::add_to(Command command) {
  command.option("--seed", bootstrap_seed, "seed of the resampling behind the intervals, and of shuffled ties")
      .type("N")
      .shows_default();
  command.option("--threads", threads, "processor threads, 0: all; no effect on the result")
      .range(0U, 1024U)
      .type("N")
      .shows_default();
  command.option("--html", html, "write a report with plots to this file: one page, nothing else needed")
      .type("FILE")
      .writes(app::FileKind::page);
  command.flag("--json", json, "print the result as one JSON object");
}

}  // namespace sotto::cli
