// The options that say which log is read and how, the same in every subcommand that reads one.
#pragma once

#include <sotto/data/interactions.hpp>

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>

namespace sotto::cli {

struct LogOptions {
  std::string file;
  data::ReadOptions reading;

  void add_to(CLI::App& command);
};

struct ReadLog {
  data::Interactions log;
  LogIdentity identity;
  data::ReadReport report;
};

// Reads, and notes on stderr what was left out.
[[nodiscard]] Result<ReadLog> read_log(std::string_view command, const LogOptions& options);

}  // namespace sotto::cli
