// What is known of items apart from their events, as the numbers that a model learns item vectors from.
#pragma once

#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/item_vectors.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

// A sparse matrix X [items × columns] in compressed rows, the magnitudes of each row's values summing to 1: then an
// item's vector moves as far in a step of Adam as each column's does. An item without entries is known by its events
// alone.
struct ItemFeatures {
  std::size_t columns = 0;
  std::vector<std::uint64_t> begin;   // [items + 1]
  std::vector<std::uint32_t> column;  // [entries]
  std::vector<float> value;           // [entries]

  [[nodiscard]] bool empty() const noexcept { return columns == 0; }
  [[nodiscard]] bool describes(std::size_t item) const noexcept { return begin[item] != begin[item + 1]; }
  // XXH64 over all of it: a training is resumed with the same features only.
  [[nodiscard]] std::uint64_t fingerprint() const;
};

// Of each item the words of its text, their character n-grams of 3 to 5 with the word's edges marked, as in fastText
// (Bojanowski et al., 2017), and its categories (split at '|'), each hashed into one of as many columns as there are
// items, rounded up to a power of two within 2^12 … 2^15. The kinds that an item has share its 1 alike, and within a
// kind its members do. Letters are compared without case, accents and compatibility forms.
[[nodiscard]] ItemFeatures text_features(const data::ItemTexts& texts);

// The vectors themselves, scaled: X is dense and its columns are the vectors' dimensions.
[[nodiscard]] ItemFeatures vector_features(const data::ItemVectors& vectors);

}  // namespace sotto::train
