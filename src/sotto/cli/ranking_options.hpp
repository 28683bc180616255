// The options that evaluate and backtest share.
#pragma once

#include <sotto/cli/options.hpp>

#include <cstdint>
#include <string>

namespace sotto::cli {

struct RankingOptions {
  std::uint64_t bootstrap_seed = 1;
  std::uint32_t threads = 0;  // 0: all cores
  std::string html;           // file of the report; empty without one
  bool json = false;

  void add_to(Command command);
};

}  // namespace sotto::cli
