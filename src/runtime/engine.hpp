// A fixed-point model made ready to run: weights packed once, shared by any number of sessions.
#pragma once

#include <sotto/model/fixed_model.hpp>
#include <sotto/numeric/kernels.hpp>
#include <sotto/runtime/packed_matrix.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace sotto {

struct PackedLstmLayer {
  PackedMatrix input_weights;        // [4H × D]
  PackedMatrix hidden_weights;       // [4H × H]
  std::vector<std::int32_t> bias;    // [4H], at 2^-24
  std::int32_t hidden_multiplier = 0;
  std::int32_t cell_bits = 0;
};

class Engine {
 public:
  // Precondition: the model is consistent, as parse_fixed_model and quantize guarantee. `fingerprint` ties
  // exported states to the model: the XXH64 of its file.
  Engine(const FixedModel& model, std::uint64_t fingerprint, const Kernels& kernels = best_kernels());

  [[nodiscard]] const Architecture& architecture() const noexcept { return architecture_; }
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return fingerprint_; }
  [[nodiscard]] const Kernels& kernels() const noexcept { return *kernels_; }

  [[nodiscard]] const std::vector<PackedLstmLayer>& lstm() const noexcept { return lstm_; }
  [[nodiscard]] const PackedMatrix& skip() const noexcept { return skip_; }
  [[nodiscard]] const PackedMatrix& head() const noexcept { return head_; }
  [[nodiscard]] const std::vector<std::int32_t>& head_bias() const noexcept { return head_bias_; }
  [[nodiscard]] const std::optional<HistoryTerm>& history() const noexcept { return history_; }
  [[nodiscard]] const CountExpert* counts() const noexcept { return counts_ ? &*counts_ : nullptr; }
  // The item's embedding row, int8 [D], and its multiplier to 7-bit activations at 2^-24.
  [[nodiscard]] const std::int8_t* embedding_row(ItemIndex item) const noexcept;
  [[nodiscard]] std::int32_t embedding_multiplier(ItemIndex item) const noexcept { return embedding_multiplier_[item]; }

 private:
  Architecture architecture_;
  std::uint64_t fingerprint_;
  const Kernels* kernels_;
  std::vector<std::int8_t> embedding_;  // [items × D]; empty when the head's packed rows serve
  std::vector<std::int32_t> embedding_multiplier_;
  std::vector<PackedLstmLayer> lstm_;
  PackedMatrix skip_;  // no rows without a skip connection
  PackedMatrix head_;
  std::vector<std::int32_t> head_bias_;
  std::optional<HistoryTerm> history_;
  std::optional<CountExpert> counts_;
};

}  // namespace sotto
