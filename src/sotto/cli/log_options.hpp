// The options that say which log is read and what is made of it, the same in every subcommand that reads one.
#pragma once

#include <sotto/data/filters.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/split.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace sotto::cli {

struct LogOptions {
  std::vector<std::string> files;
  data::ReadOptions reading;
  data::FilterOptions filters;

  void add_to(CLI::App& command);
  // --strict, for subcommands that use the log: the first bad row ends them.
  void add_strict_to(CLI::App& command);
  // "a.csv", "standard input" or "a.csv and 2 more", for messages.
  [[nodiscard]] std::string name() const;
  // How a model's record tells of the limit to the log's items, and how that is then applied to the log again, unless
  // the options have a limit of their own.
  [[nodiscard]] VocabularyLimit vocabulary_limit() const;
  void take_vocabulary_limit(const VocabularyLimit& trained);
};

struct ReadLog {
  data::Interactions log;
  LogIdentity identity;
  data::ReadReport report;
  data::FilterReport filtered;
};

// What a log that does not match a model may need.
inline constexpr std::string_view same_log_options_hint =
    "give the same options for columns, event weights, sessions and filters as 'sotto train' had";

// Reads and filters, with progress on a terminal, and notes on stderr what was left out. Under the split
// "last-session", sessions stay inside their users; under any other each is a sequence of its own.
[[nodiscard]] Result<ReadLog> read_log(std::string_view command, const LogOptions& options, data::SplitKind split,
                                       const std::atomic<bool>& stop);

}  // namespace sotto::cli
