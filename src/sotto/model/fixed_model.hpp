// The model in the form that the engine runs: int8 weights and integer multipliers (docs/numbers.md).
#pragma once

#include <sotto/model/count_expert.hpp>
#include <sotto/model/history_term.hpp>
#include <sotto/model/matrix_s4.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/model/weight_values.hpp>
#include <sotto/numeric/formats.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sotto {

// Row-major int8 [rows × cols]. Each row has a multiplier. It converts accumulator units to the units that the reader
// of the product expects. The members of FixedWeights and LstmWeightsS8 state these units.
struct MatrixS8 {
  std::uint32_t rows = 0;
  std::uint32_t cols = 0;
  WeightValues values;
  std::vector<std::int32_t> multiplier;  // [rows], > 0

  MatrixS8() = default;
  MatrixS8(std::uint32_t row_count, std::uint32_t col_count)
      : rows(row_count), cols(col_count), values(std::size_t{row_count} * col_count), multiplier(row_count, 1) {}
  [[nodiscard]] std::span<const std::int8_t> row(std::size_t r) const noexcept {
    return {values.data() + r * cols, cols};
  }
};

struct LstmWeightsS8 {
  MatrixS8 input_weights;  // [4H × D], rows in blocks i, f, g, o as in LstmWeightsF32
  MatrixS8 hidden_weights;  // [4H × H]
  std::vector<std::int32_t> bias;  // [4H], at 2^-gate_bias_bits
  std::int32_t hidden_multiplier = 0;  // this layer's h, Q0.15 → 7-bit activation, in units of 2^-24
  std::int32_t cell_bits = 11;  // fractional bits of the int16 cell state: Q(15 - cell_bits).cell_bits
};

struct FixedWeights {
  // [items × D]; multiplier: a value → 7-bit activation, in units of 2^-24. It has no values where the head is tied and
  // has 4 bits: the engine then reads head_s4.
  MatrixS8 embedding;
  std::vector<LstmWeightsS8> lstm;
  MatrixS8 skip;  // [H × D], accumulator → Q3.12 in units of 2^-24; empty without a skip connection
  // Row-major [items × H], binary [1 × H]. Empty where the head is tied (the engine reads the embedding's values) or
  // has 4 bits.
  WeightValues head;
  MatrixS4 head_s4;  // [items × H] where the head has 4 bits, free or tied; otherwise it has no rows
  std::vector<std::int32_t> head_multiplier;  // [head rows], > 0: a row's scale in units of 2^-30
  std::vector<std::int32_t> head_bias;  // [head rows], logits Q15.16
  std::optional<HistoryTerm> history;
  std::optional<CountExpert> counts;
  std::optional<MemoryTerm> memory;

  [[nodiscard]] int head_bits() const noexcept { return head_s4.rows == 0 ? 8 : 4; }
  // Precondition: the head has 8 bits.
  [[nodiscard]] std::span<const std::int8_t> head_values() const noexcept {
    return head.empty() ? embedding.values.span() : head.span();
  }
};

struct FixedModel {
  ModelInfo info;
  FixedWeights weights;
};

}  // namespace sotto
