// The options that say what a model may learn about items apart from their events.
#pragma once

#include <sotto/cli/items_options.hpp>
#include <sotto/cli/options.hpp>
#include <sotto/train/described_items.hpp>

#include <string>

namespace sotto::cli {

struct ContentOptions {
  ItemsOptions items;
  std::string vectors_file;
  std::string text_column;
  bool no_content = false;

  void add_to(Command command);
  // Fails where options contradict each other.
  [[nodiscard]] Result<train::ItemSources> sources() const;
};

}  // namespace sotto::cli
