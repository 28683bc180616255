// The options that say how a text is a table: its format, its delimiter, whether it has a header.
#pragma once

#include <sotto/cli/options.hpp>
#include <sotto/data/table_reader.hpp>

#include <optional>
#include <string>

namespace sotto::cli {

struct TableWords {
  std::string prefix;                   // of the options' names: "--"
  std::string file;                     // "the log"
  std::string row;                      // what a row is: "an event"
  std::string group;                    // of the help
  std::optional<Option> needs = {};     // the option that names the file
};

void add_table_options(Command command, data::TableOptions& table, const TableWords& words);

}  // namespace sotto::cli
