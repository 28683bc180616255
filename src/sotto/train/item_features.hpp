// The content of items as numbers from which a model learns item vectors. It does not depend on the items' events.
#pragma once

#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/item_vectors.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

// A sparse matrix X [items × columns] in compressed rows. The magnitudes of each row's values sum to 1. In a step of
// Adam, an item's vector thus moves as far as the vector of each of its columns. An item without entries has only the
// vector that is learned from its events.
struct ItemFeatures {
  std::size_t columns = 0;
  std::vector<std::uint64_t> begin;   // [items + 1]
  std::vector<std::uint32_t> column;  // [entries]
  std::vector<float> value;           // [entries]

  [[nodiscard]] bool empty() const noexcept { return columns == 0; }
  [[nodiscard]] bool describes(std::size_t item) const noexcept { return begin[item] != begin[item + 1]; }
  // XXH64 over all members. A training can only be resumed with the same features.
  [[nodiscard]] std::uint64_t fingerprint() const;
};

// The features of an item are three kinds: the words of its text, their character n-grams, and its categories (split at
// '|'). The n-grams have 3 to 5 characters and mark the word's edges, as in fastText (Bojanowski et al., 2017). Each
// feature is hashed into a column. The number of columns is the number of items, rounded up to a power of two within
// 2^12 … 2^15. The kinds of an item have equal shares of its 1, and so have the features within a kind. Letters are
// compared without case, accents and compatibility forms.
[[nodiscard]] ItemFeatures text_features(const data::ItemTexts& texts);

// Uses the scaled vectors themselves. X is dense, and its columns are the dimensions of the vectors.
[[nodiscard]] ItemFeatures vector_features(const data::ItemVectors& vectors);

}  // namespace sotto::train
