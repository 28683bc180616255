// The place of each weight in the flat parameter vector. Gradients and the optimizer's moments use the same layout, so
// that reduction, clipping and updates are loops over one array.
#pragma once

#include <sotto/model/spec.hpp>

#include <array>
#include <cstddef>

namespace sotto::train {

// A row-major matrix [rows × cols] at an offset. Vectors have one row. It is empty if rows is 0.
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
  bool item_head = true;  // the head has a row for each item; otherwise it is a binary head with one row
  std::array<LstmBlocks, max_layers> lstm;
  Block skip;       // [H × D]: the head's input is h + skip · x, x the last event's embedding; may be empty
  Block embedding;  // [item rows × D]
  Block head;       // [item rows × H], binary [1 × H]; the embedding's block when tied
  Block head_bias;  // [1 × item rows], binary [1 × 1]
  Block content;    // [feature columns × D]; empty for a model without content features
  Block norm_gain;  // [1 × D]; empty without layer normalization of the item vectors
  Block norm_bias;  // [1 × D]
  std::size_t dense_size = 0;  // size of everything before the embedding, which does not grow with the catalogue
  std::size_t shared_begin = 0;  // begin of the blocks from which item vectors are made: content and normalization
  std::size_t size = 0;
};

// `item_rows` is the number of items. For a gradient with rows only for a step's items, it is smaller. The blocks
// before shared_begin have the same places with and without the blocks behind it.
[[nodiscard]] ParameterLayout make_layout(const Architecture& architecture, std::size_t item_rows,
                                          std::size_t feature_columns = 0, bool layer_norm = false);

}  // namespace sotto::train
