// Vectors of a catalogue's items from another model, for example a language model's sentence vectors.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/model/catalogue.hpp>

#include <cstddef>
#include <filesystem>
#include <vector>

namespace sotto::data {

struct ItemVectors {
  std::size_t dimension = 0;
  std::vector<float> values;  // [items × dimension], row-major, in the catalogue's order; 0 where an item has none
  std::size_t described = 0;  // number of items that have a vector
};

inline constexpr std::size_t max_item_vector_dimension = 16'384;

// Reads a .npy file, or a safetensors file with one tensor: [rows × dimension] in F16, BF16, F32 or F64. It has a row
// for each row of the items file, in the same order. Rows of items that the catalogue does not have are skipped. Fails
// if a value is not finite.
[[nodiscard]] Result<ItemVectors> read_item_vectors(const Catalogue& catalogue, const ItemsFile& items_file,
                                                    const std::filesystem::path& vectors_file);

}  // namespace sotto::data
