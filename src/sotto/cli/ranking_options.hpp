// The options of the subcommands that replay users and report where arms ranked their events: evaluate and backtest.
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace sotto::cli {

struct RankingOptions {
  std::uint64_t bootstrap_seed = 1;
  std::uint32_t threads = 0;  // 0: all cores
  std::string html;           // file of the report, "": none
  bool json = false;

  void add_to(CLI::App& command);
};

}  // namespace sotto::cli
