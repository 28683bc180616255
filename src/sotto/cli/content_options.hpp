// The options that say what a model may learn about items apart from their events.
#pragma once

#include <sotto/cli/options.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/train/item_features.hpp>

#include <string>

namespace sotto::cli {

struct ContentOptions {
  std::string items_file;
  std::string vectors_file;
  std::string text_column;
  bool no_content = false;

  void add_to(Command command);
};

// A catalogue with the features of its items; the features are empty where only events are known.
struct DescribedItems {
  Catalogue catalogue;
  train::ItemFeatures features;
  std::size_t described = 0;  // items with features
};

// The log's items. With features, the items of the items file that nobody has touched follow them.
[[nodiscard]] Result<DescribedItems> describe_items(const data::Interactions& log, const ContentOptions& options);

}  // namespace sotto::cli
