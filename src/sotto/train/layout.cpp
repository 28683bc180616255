#include <sotto/train/layout.hpp>

namespace sotto::train {
namespace {

// Blocks start at multiples of 16 floats, which are 64 bytes or one cache line.
Block place(std::size_t& end, std::size_t rows, std::size_t cols) {
  const Block block{end, rows, cols};
  end += (rows * cols + 15) / 16 * 16;
  return block;
}

}  // namespace

ParameterLayout make_layout(const Architecture& architecture, std::size_t item_rows, std::size_t feature_columns,
                            bool layer_norm) {
  const std::size_t hidden = architecture.hidden_dim;
  ParameterLayout layout;
  layout.layers = architecture.layers;
  layout.hidden_dim = hidden;
  layout.tied_head = architecture.tied_head;
  std::size_t end = 0;
  for (std::uint32_t l = 0; l < architecture.layers; ++l) {
    layout.lstm[l].input_weights = place(end, 4 * hidden, architecture.layer_input_dim(l));
    layout.lstm[l].hidden_weights = place(end, 4 * hidden, hidden);
    layout.lstm[l].bias = place(end, 1, 4 * hidden);
  }
  if (architecture.skip_connection) layout.skip = place(end, hidden, architecture.embedding_dim);
  layout.item_head = architecture.head == HeadKind::softmax;
  if (!layout.item_head) {
    layout.head = place(end, 1, hidden);
    layout.head_bias = place(end, 1, 1);
  }
  layout.dense_size = end;
  layout.embedding = place(end, item_rows, architecture.embedding_dim);
  if (layout.item_head) {
    layout.head = architecture.tied_head ? layout.embedding : place(end, item_rows, hidden);
    layout.head_bias = place(end, 1, item_rows);
  }
  layout.shared_begin = end;
  if (feature_columns != 0) layout.content = place(end, feature_columns, architecture.embedding_dim);
  if (layer_norm) {
    layout.norm_gain = place(end, 1, architecture.embedding_dim);
    layout.norm_bias = place(end, 1, architecture.embedding_dim);
  }
  layout.size = end;
  return layout;
}

}  // namespace sotto::train
