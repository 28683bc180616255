// Inputs of the numeric kernels, random or at their bounds, and what a tier makes of them: for tests and fuzzing.
#pragma once

#include <sotto/base/random.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::test {

struct ProductInput {
  std::size_t rows;
  std::size_t stride;
  std::size_t count;  // inputs
  std::vector<int> down;                   // [count], 26 unless changed
  std::vector<std::int8_t> weights;        // [rows × stride]: 8-bit ones, or the bytes of twice as many 4-bit ones
  std::vector<std::uint8_t> x;             // [2 · count × stride]: twice what 8-bit weights take, for 4-bit ones
  std::vector<std::int32_t> offset;        // [rows]
  std::vector<std::int32_t> multiplier;    // [rows]
  std::vector<std::int32_t> bias;          // [rows]

  ProductInput(std::size_t row_count, std::size_t row_stride, std::size_t input_count);
};

struct Products {
  std::vector<std::int32_t> matmul;  // [count × rows]
  std::vector<std::int32_t> scores;  // [count × rows]
  std::vector<std::int32_t> scores_s4;  // [count × rows], of pairs of inputs, one after the other
  // Of whole tiles of rows, for the first two inputs less 64, the limit being 0: row and product in turns.
  std::vector<std::int32_t> above_u4;
  bool operator==(const Products&) const = default;
};

[[nodiscard]] ProductInput random_products(std::size_t rows, std::size_t stride, std::size_t count, Random& random);
// Where the tier interleaves rows, products come from both orders: empty where they differ.
[[nodiscard]] Products products(const Kernels& kernels, const ProductInput& in);

struct CellInput {
  std::size_t units;
  int cell_bits;
  std::vector<std::int32_t> input_sums;         // [4 · units]
  std::vector<std::int32_t> hidden_sums;        // [4 · units]
  std::vector<std::int32_t> input_multiplier;   // [4 · units]
  std::vector<std::int32_t> hidden_multiplier;  // [4 · units]
  std::vector<std::int32_t> bias;               // [4 · units]
  std::vector<std::int16_t> cell;               // [units]

  CellInput(std::size_t unit_count, int bits);
};

struct CellOutput {
  std::vector<std::int16_t> cell;
  std::vector<std::int16_t> hidden;
  bool operator==(const CellOutput&) const = default;
};

// Gates within ±8; and anything that the formats allow.
[[nodiscard]] CellInput plausible_cell(std::size_t units, int cell_bits, Random& random);
[[nodiscard]] CellInput extreme_cell(std::size_t units, int cell_bits, Random& random);
[[nodiscard]] CellOutput step(const Kernels& kernels, const CellInput& in);

}  // namespace sotto::test
