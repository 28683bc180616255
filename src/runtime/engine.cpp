#include <sotto/runtime/engine.hpp>

namespace sotto {
namespace {

PackedMatrix pack_matrix(const MatrixS8& matrix) {
  return pack(matrix.values, matrix.rows, matrix.cols, matrix.multiplier);
}

}  // namespace

Engine::Engine(const FixedModel& model, std::uint64_t fingerprint, const Kernels& kernels)
    : architecture_(model.info.architecture),
      fingerprint_(fingerprint),
      kernels_(&kernels),
      embedding_multiplier_(model.weights.embedding.multiplier),
      head_(pack(model.weights.head_values(), architecture_.head_rows(), architecture_.hidden_dim,
                 model.weights.head_multiplier)),
      head_bias_(model.weights.head_bias),
      history_(model.weights.history),
      counts_(model.weights.counts) {
  if (!architecture_.tied_head) embedding_ = model.weights.embedding.values;
  for (const auto& layer : model.weights.lstm) {
    lstm_.push_back({pack_matrix(layer.input_weights), pack_matrix(layer.hidden_weights), layer.bias,
                     layer.hidden_multiplier, layer.cell_bits});
  }
  if (architecture_.skip_connection) skip_ = pack_matrix(model.weights.skip);
}

const std::int8_t* Engine::embedding_row(ItemIndex item) const noexcept {
  return architecture_.tied_head ? head_.weights.data() + item * head_.stride
                                 : embedding_.data() + std::size_t{item} * architecture_.embedding_dim;
}

}  // namespace sotto
