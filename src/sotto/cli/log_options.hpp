// The options that say which log is read and how it is filtered. Every subcommand that reads a log has the same ones.
#pragma once

#include <sotto/cli/options.hpp>
#include <sotto/data/filters.hpp>
#include <sotto/data/read_interactions.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sotto::cli {

struct LogOptions {
  std::vector<std::string> files;
  data::ReadOptions reading;
  data::FilterOptions filters;

  void add_to(Command command);
  // The log's name and its columns alone, for a subcommand that needs a log only with some of its options.
  Option add_source_to(Command command);
  // Adds --strict, for subcommands that use the log: the first bad row ends them.
  void add_strict_to(Command command);
  // "a.csv", "standard input" or "a.csv and 2 more", for messages.
  [[nodiscard]] std::string name() const;
  // The limit to the log's items, as a model records it.
  [[nodiscard]] VocabularyLimit vocabulary_limit() const;
  // Applies the limit that a model was trained with, unless the options have a limit of their own.
  void take_vocabulary_limit(const VocabularyLimit& trained);
};

// Advice for a log that does not match a model.
inline constexpr std::string_view same_log_options_hint =
    "give the same options for columns, event weights, sessions and filters as 'sotto train' had";

}  // namespace sotto::cli
