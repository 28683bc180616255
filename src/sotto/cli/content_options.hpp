// The options that say what a model may learn about items apart from their events.
#pragma once

#include <sotto/data/interactions.hpp>
#include <sotto/train/item_features.hpp>

#include <string>

namespace CLI {
class App;
}

namespace sotto::cli {

struct ContentOptions {
  std::string items_file;
  std::string vectors_file;
  std::string text_column;
  bool no_content = false;

  void add_to(CLI::App& command);
};

// A catalogue and what its items are known by; no features where nothing but events is known.
struct DescribedItems {
  Catalogue catalogue;
  train::ItemFeatures features;
  std::size_t described = 0;  // items with features
};

// The log's items and, with features, behind them those of the items file that nobody has touched.
[[nodiscard]] Result<DescribedItems> describe_items(const data::Interactions& log, const ContentOptions& options);

}  // namespace sotto::cli
