// The items that a model is trained for: those of the log, and what is written about them.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/train/item_features.hpp>

#include <cstddef>
#include <string>

namespace sotto::train {

// Where items are described. The last two are read only if content is learned from.
struct ItemSources {
  data::ItemsFile items_file;  // the catalogue (data/catalogue_file.hpp); empty: the log's ids alone
  bool learn_content = true;  // with an items file
  std::string text_column;   // the free text's column; empty: "description", if there is one
  std::string vectors_file;  // learned from instead of texts; empty: none
};

// A catalogue with the features of its items; the features are empty where only events are known.
struct DescribedItems {
  Catalogue catalogue;
  ItemFeatures features;
  bool has_texts = false;  // the features are of texts, not of vectors
  std::size_t described = 0;  // items with features
};

// The log's items. With features, the items of the items file that nobody has touched follow them.
[[nodiscard]] Result<DescribedItems> describe_items(const data::Interactions& log, const ItemSources& sources);

}  // namespace sotto::train
