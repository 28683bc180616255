// The model in the form that training gives: float32 weights.
#pragma once

#include <sotto/model/count_expert.hpp>
#include <sotto/model/history_term.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/model/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sotto {

// Row-major [rows × cols].
struct MatrixF32 {
  std::uint32_t rows = 0;
  std::uint32_t cols = 0;
  std::vector<float> values;

  MatrixF32() = default;
  MatrixF32(std::uint32_t row_count, std::uint32_t col_count)
      : rows(row_count), cols(col_count), values(std::size_t{row_count} * col_count) {}
  [[nodiscard]] std::span<float> row(std::size_t r) noexcept { return {values.data() + r * cols, cols}; }
  [[nodiscard]] std::span<const float> row(std::size_t r) const noexcept { return {values.data() + r * cols, cols}; }
};

// One LSTM layer. The rows of the weights form four blocks of H rows: input, forget, candidate and output gate (i, f,
// g, o). The pre-activation is input_weights · x + hidden_weights · h + bias.
struct LstmWeightsF32 {
  MatrixF32 input_weights;   // [4H × D], D the embedding's or the lower layer's dimension
  MatrixF32 hidden_weights;  // [4H × H]
  std::vector<float> bias;   // [4H]
};

struct FloatWeights {
  MatrixF32 embedding;  // [items × D]
  std::vector<LstmWeightsF32> lstm;
  MatrixF32 skip;                // [H × D]; empty without a skip connection
  HeadKind head_kind = HeadKind::softmax;
  MatrixF32 head;                // [items × H], binary [1 × H]; empty when the head is tied to the embedding
  std::vector<float> head_bias;  // [items], binary [1]
  // These are integers, and the fixed-point model has the same ones.
  std::optional<HistoryTerm> history;
  std::optional<CountExpert> counts;
  std::optional<MemoryTerm> memory;

  // Returns the matrix that scores items. It is the embedding itself if the head is tied.
  [[nodiscard]] const MatrixF32& head_weights() const noexcept { return head.rows == 0 ? embedding : head; }
};

struct FloatModel {
  ModelInfo info;
  FloatWeights weights;
};

}  // namespace sotto
