// The options that say how an items file is read. Every subcommand with --items has the same ones.
#pragma once

#include <sotto/cli/options.hpp>
#include <sotto/data/catalogue_file.hpp>

#include <string>

namespace sotto::cli {

struct ItemsOptions {
  std::string file;
  data::ItemColumns columns;
  data::TableOptions table;
  bool literal_ids = false;

  // Adds --items, which it returns, and the options of its format and columns.
  Option add_to(Command command, const std::string& help, const std::string& group = "Options");
  [[nodiscard]] data::ItemsFile source() const;
};

}  // namespace sotto::cli
