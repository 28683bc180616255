// How alike the texts of items are: the cosine of their features, weighted by how rare each feature is (tf-idf; Salton
// and Buckley, 1988). Events are rare in a sparse log. There, the items that resemble an item say most about what
// follows it. Where no texts are, the items that an item was met with serve as its features (count_table.cpp).
#pragma once

#include <sotto/model/item_index.hpp>
#include <sotto/train/item_features.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::fit {

class ContentSimilarity {
 public:
  // Work for all items together is bounded: features that most items share are left out, those of the most items first,
  // until max_products products of two features remain. Dense vectors thus leave nothing.
  explicit ContentSimilarity(const train::ItemFeatures& features);

  static constexpr std::uint64_t max_products = 4'000'000'000;

  // No two items can be compared.
  [[nodiscard]] bool empty() const noexcept { return entry_.empty(); }

  // Calls add(other, part) for parts of the cosine of `item` and each item that shares a feature with it, itself
  // included. The parts of one item sum to the cosine, 0 … 1.
  template <class Add>
  void for_each_part(ItemIndex item, const Add& add) const {
    for (std::uint64_t i = feature_begin_[item]; i < feature_begin_[item + 1]; ++i) {
      const auto [feature, weight] = feature_[i];
      for (std::uint64_t j = entry_begin_[feature]; j < entry_begin_[feature + 1]; ++j) {
        add(entry_[j].item, static_cast<double>(weight) * static_cast<double>(entry_[j].weight));
      }
    }
  }

 private:
  struct Feature {
    std::uint32_t column;
    float weight;
  };
  struct Entry {
    ItemIndex item;
    float weight;
  };

  // The same matrix by items and by features; each item's weights have length 1.
  std::vector<std::uint64_t> feature_begin_;  // [items + 1]
  std::vector<Feature> feature_;
  std::vector<std::uint64_t> entry_begin_;  // [columns + 1]
  std::vector<Entry> entry_;
};

}  // namespace sotto::fit
