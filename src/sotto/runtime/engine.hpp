// The engine runs a fixed-point model. It does not change, so that any number of users and threads share it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/numeric/kernels.hpp>
#include <sotto/runtime/embedding_row.hpp>
#include <sotto/runtime/head_sketch.hpp>
#include <sotto/runtime/packed_head.hpp>
#include <sotto/runtime/packed_matrix.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace sotto {

struct PackedLstmLayer {
  PackedMatrix input_weights;         // [4H × D]
  PackedMatrix hidden_weights;        // [4H × H]
  std::span<const std::int32_t> bias;  // [4H], at 2^-24
  std::int32_t hidden_multiplier = 0;  // h, Q0.15 → 7-bit activation, at 2^-24
  std::int32_t cell_bits = 0;
};

// Immovable, because its matrices point into its weights. A model that was opened in its file's bytes needs those bytes
// as long as the engine exists.
class Engine {
 public:
  // Precondition: the model is consistent, as parse_fixed_model and quantize guarantee. `fingerprint` ties
  // exported states to the model: the XXH64 of its file.
  Engine(FixedWeights weights, const Architecture& architecture, std::uint64_t fingerprint,
         const Kernels& kernels = best_kernels());
  Engine(const FixedModel& model, std::uint64_t fingerprint, const Kernels& kernels = best_kernels())
      : Engine(model.weights, model.info.architecture, fingerprint, kernels) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Makes a sketch of the head, if the head can have one. Workspaces that are made afterwards search the sketch. They
  // find the same items and scores, in less time if the catalogue is large (docs/performance.md). No other thread may
  // use the engine during the call.
  void sketch_head();
  [[nodiscard]] const HeadSketch* head_sketch() const noexcept { return sketch_.get(); }

  // Fails with unknown_item if any index is not below the catalogue's number of items.
  [[nodiscard]] Status check_items(std::span<const ItemIndex> items) const;

  [[nodiscard]] const Architecture& architecture() const noexcept { return architecture_; }
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return fingerprint_; }
  [[nodiscard]] const Kernels& kernels() const noexcept { return *kernels_; }

  [[nodiscard]] const std::vector<PackedLstmLayer>& lstm() const noexcept { return lstm_; }
  // The bytes of the widest padded input of any layer.
  [[nodiscard]] std::size_t widest_input() const noexcept {
    return round_up(std::max(architecture_.embedding_dim, architecture_.hidden_dim), column_tile);
  }
  [[nodiscard]] const PackedMatrix& skip() const noexcept { return skip_; }
  [[nodiscard]] const PackedHead& head() const noexcept { return head_; }
  [[nodiscard]] const std::optional<HistoryTerm>& history() const noexcept { return weights_.history; }
  [[nodiscard]] const CountExpert* counts() const noexcept { return weights_.counts ? &*weights_.counts : nullptr; }
  [[nodiscard]] const std::optional<MemoryTerm>& memory() const noexcept { return weights_.memory; }
  // The item's embedding row [D], and its multiplier to 7-bit activations at 2^-24.
  [[nodiscard]] EmbeddingRow embedding_row(ItemIndex item) const noexcept {
    return weights_.embedding.values.empty() ? EmbeddingRow(weights_.head_s4, item)
                                             : EmbeddingRow(weights_.embedding.row(item));
  }
  [[nodiscard]] std::int32_t embedding_multiplier(ItemIndex item) const noexcept {
    return weights_.embedding.multiplier[item];
  }

 private:
  Architecture architecture_;
  std::uint64_t fingerprint_;
  const Kernels* kernels_;
  FixedWeights weights_;
  std::vector<PackedLstmLayer> lstm_;
  PackedMatrix skip_;  // no rows without a skip connection
  PackedHead head_;
  std::unique_ptr<HeadSketch> sketch_;  // none before sketch_head
};

}  // namespace sotto
