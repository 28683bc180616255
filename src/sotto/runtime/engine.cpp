#include <sotto/runtime/engine.hpp>

#include <string>
#include <utility>

namespace sotto {
namespace {

PackedMatrix pack_matrix(const MatrixS8& matrix, const Kernels& kernels) {
  PackedMatrix packed = pack(matrix.values, matrix.rows, matrix.cols, matrix.multiplier, kernels);
  interleave(packed, kernels);
  return packed;
}

}  // namespace

Engine::Engine(FixedWeights weights, const Architecture& architecture, std::uint64_t fingerprint,
               const Kernels& kernels)
    : architecture_(architecture),
      fingerprint_(fingerprint),
      kernels_(&kernels),
      weights_(std::move(weights)),
      head_(weights_, architecture_, kernels) {
  for (const auto& layer : weights_.lstm) {
    lstm_.push_back({pack_matrix(layer.input_weights, kernels), pack_matrix(layer.hidden_weights, kernels), layer.bias,
                     layer.hidden_multiplier, layer.cell_bits});
  }
  if (architecture_.skip_connection) skip_ = pack_matrix(weights_.skip, kernels);
}

Status Engine::check_items(std::span<const ItemIndex> items) const {
  for (const ItemIndex item : items) {
    if (item < architecture_.items) continue;
    return Error{ErrorCode::unknown_item, "item index " + std::to_string(item) + " is not below the catalogue's " +
                                              std::to_string(architecture_.items) + " items"};
  }
  return Ok{};
}

void Engine::sketch_head() {
  if (sketch_ || architecture_.head != HeadKind::softmax) return;
  sketch_ = HeadSketch::of(head_, architecture_.items, architecture_.hidden_dim, *kernels_);
}

}  // namespace sotto
