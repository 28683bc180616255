// The result of every importer: a float model that was checked as a whole, with notes for people.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/float_model.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::convert {

struct ImportedModel {
  FloatModel model;
  std::uint32_t padding_rows = 0;  // 1 if the source's index 0 was padding; it is not an item and was left out
  std::vector<std::string> notes;  // for people: parts whose reading is not self-evident
};

// A network from any source, already in Sotto's orientation and gate order.
struct NetworkParts {
  std::string tool;  // program that made it, such as "Keras 3.15.1"
  MatrixF32 embedding;
  std::vector<LstmWeightsF32> lstm;
  HeadKind head_kind = HeadKind::softmax;
  MatrixF32 head;                 // [items × H] or [1 × H]; empty if it is tied to the embedding
  std::vector<float> head_bias;
  bool padding_row = false;      // row 0 of the embedding is padding and is left out
  bool padding_in_head = false;  // the head has a row for it too
  std::vector<std::string> notes;
};

// Removes padding, ties a head whose weights equal the embedding's, and checks sizes, bounds and that all values are
// finite. The items' ids are the source's indices: "0", "1" and so on.
[[nodiscard]] Result<ImportedModel> assemble(NetworkParts parts);

// Sets the items' ids, in the order of the source's indices. If the source has a padding row, the list may contain an
// entry for it, but this is not required.
[[nodiscard]] Status name_items(ImportedModel& imported, std::vector<std::string> item_ids);

}  // namespace sotto::convert
