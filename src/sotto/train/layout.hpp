// Where each weight lies in the flat parameter vector. Gradients and the optimizer's moments use the same
// layout, so that reducing, clipping and updating are loops over one array.
#pragma once

#include <sotto/model/spec.hpp>

#include <array>
#include <cstddef>

namespace sotto::train {

// A row-major matrix [rows × cols] at an offset; vectors have one row. Empty when rows is 0.
struct Block {
  std::size_t offset = 0;
  std::size_t rows = 0;
  std::size_t cols = 0;

  [[nodiscard]] std::size_t size() const noexcept { return rows * cols; }
};

struct LstmBlocks {
  Block input_weights;   // [4H × D], rows in blocks i, f, g, o
  Block hidden_weights;  // [4H × H]
  Block bias;            // [1 × 4H]
};

struct ParameterLayout {
  std::size_t layers = 0;
  std::size_t hidden_dim = 0;
  bool tied_head = false;
  bool item_head = true;  // a row of the head for each item; else a binary head's one row
  std::array<LstmBlocks, max_layers> lstm;
  Block skip;       // [H × D]: the head sees h + skip · x, x the last event's embedding; empty without
  Block embedding;  // [item rows × D]
  Block head;       // [item rows × H], binary [1 × H]; the embedding's block when tied
  Block head_bias;  // [1 × item rows], binary [1 × 1]
  Block content;    // [feature columns × D], of a model that knows its items by content too; empty without
  Block norm_gain;  // [1 × D], of a model with layer normalization of its item vectors; empty without
  Block norm_bias;  // [1 × D]
  std::size_t dense_size = 0;  // everything before the embedding: what does not grow with the catalogue
  std::size_t shared_begin = 0;  // where the blocks begin that make the items' vectors: content and normalization
  std::size_t size = 0;
};

// `item_rows` is the number of items, or fewer for a gradient that has rows for a step's items only. The blocks before
// shared_begin lie alike with and without those behind it.
[[nodiscard]] ParameterLayout make_layout(const Architecture& architecture, std::size_t item_rows,
                                          std::size_t feature_columns = 0, bool layer_norm = false);

}  // namespace sotto::train
