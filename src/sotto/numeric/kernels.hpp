// The engine's inner loops in their tiers. Every tier gives the same integers (docs/numbers.md), because products of
// int8 and 7-bit unsigned values cannot saturate any tier's 16-bit intermediate. Kernels allocate nothing and cannot
// fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// The rows of a matrix and its inputs consist of whole tiles. A tile has this many bytes. If a model's dimension is not
// a multiple of the tile, zero weights pad the rows. The padding of an input may hold any values.
inline constexpr std::size_t column_tile = 16;

[[nodiscard]] constexpr std::size_t round_up(std::size_t value, std::size_t multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

// An int8 matrix as the kernels read it: row-major, `rows` × `stride`, or interleaved where a tier provides
// Kernels::interleave. An interleaved matrix stores, for each whole tile of interleaved_rows rows, the first four
// columns of all its rows, then their next four columns, and so on. Rows after the last whole tile stay row-major. A
// vector register then holds the same columns of several rows, so that no sum across its lanes is needed.
//   offset: the start of each row's sum, -zero point · Σ row
// Legal: stride a multiple of column_tile, ≤ 4096 (max_dim), so that |Σ| ≤ 4096 · 128 · 127 < 2^26.
inline constexpr std::size_t interleaved_rows = 16;
inline constexpr std::size_t interleaved_columns = 4;
struct KernelMatrix {
  const std::int8_t* weights;
  const std::int32_t* offset;  // [rows]
  std::size_t rows;
  std::size_t stride;
  bool interleaved = false;  // Legal: true in tiers that interleave
};
// Row-major → interleaved. Both have [rows × stride] bytes and must not overlap.
using InterleaveS8 = void (*)(const std::int8_t* weights, std::size_t rows, std::size_t stride, std::int8_t* out);

// A matrix of 4-bit weights. A byte stores two of them, each as weight + 8. Byte c of a row has column c in its low
// half and column stride + c in its high half. Each half of a vector of bytes is thus multiplied by consecutive inputs.
// The bytes may be interleaved like those of KernelMatrix.
//   offset: as in KernelMatrix
// Legal: stride a multiple of column_tile, ≤ 2048: |Σ| ≤ 4096 · 8 · 127 < 2^22.
struct KernelMatrixS4 {
  const std::uint8_t* weights;
  const std::int32_t* offset;  // [rows]
  std::size_t rows;
  std::size_t stride;  // bytes of a row
  bool interleaved = false;  // Legal: true in tiers that interleave
};

// out[n · out_stride + r] = offset[r] + Σ_c weights[r · stride + c] · x[n · stride + c], n < count, with x uint8,
// 0 … 127.
using MatmulU7S8 = void (*)(const KernelMatrix& matrix, const std::uint8_t* x, std::size_t count, std::int32_t* out,
                            std::size_t out_stride);

// A head's scores for several inputs: out[n][r] = sat32(round_shift(sum[n, r] · multiplier[r], down[n]) + bias[r]),
// where sum[n, r] is MatmulU7S8's result.
// Legal: multiplier > 0, 1 ≤ down ≤ 30.
struct ScoreScale {
  const std::int32_t* multiplier;  // [rows]
  const std::int32_t* bias;  // [rows]
};
struct ScoreInputs {
  const std::uint8_t* x;  // [count × stride], 0 … 127
  const int* down;  // [count]
  std::size_t count;
};
using ScoresU7S8 = void (*)(const KernelMatrix& matrix, const ScoreInputs& inputs, const ScoreScale& scale,
                            std::int32_t* const* out);
// The same for 4-bit rows. x is [count × 2 · stride] and its padding must be 0 … 127 too.
using ScoresU7S4 = void (*)(const KernelMatrixS4& matrix, const ScoreInputs& inputs, const ScoreScale& scale,
                            std::int32_t* const* out);

// Finds the 4-bit rows whose product exceeds the limit: Σ_c stored[r, c] · x[c] > limit, with weights as they are
// stored, 0 … 15, columns as in KernelMatrixS4 and 2 · stride entries in x. Writes the rows to `above` in ascending
// order and returns their number. `above` has room for all rows. Legal: rows a multiple of 16, x ≥ -127, stride a
// multiple of column_tile, ≤ 2048: |Σ| ≤ 4096 · 15 · 127 < 2^23.
struct RowProduct {
  std::uint32_t row;
  std::int32_t product;
};
using RowsAboveU4 = std::size_t (*)(const std::uint8_t* weights, std::size_t rows, std::size_t stride,
                                    const std::int8_t* x, std::int32_t limit, RowProduct* above);

// The part of an LSTM step that follows the products: gates, cell and hidden state. Arrays of 4 · units have the blocks
// i, f, g, o. `cell` may be the same array as `cell_before`.
struct LstmCell {
  std::size_t units;
  const std::int32_t* input_sums;  // [4 · units]
  const std::int32_t* hidden_sums;  // [4 · units]
  const std::int32_t* input_multiplier;  // [4 · units], > 0, accumulator → Q3.12 at 2^-24
  const std::int32_t* hidden_multiplier;  // [4 · units], likewise
  const std::int32_t* bias;  // [4 · units], at 2^-24
  const std::int16_t* cell_before;  // [units], cell_bits fractional bits
  std::int16_t* cell;  // [units]
  std::int16_t* hidden;  // [units], Q0.15
  int cell_bits;  // 1 … 15
};
using LstmCellKernel = void (*)(const LstmCell& step);

// 7-bit activations: out[i] = clamp(round_shift(values[i] · multiplier, 24), -64, 63) + 64. Legal: multiplier > 0.
using QuantizeS16 = void (*)(const std::int16_t* values, std::size_t count, std::int32_t multiplier, std::uint8_t* out);

// Returns the lowest i in begin … end - 1 with values[i] > threshold, or end.
using FindAbove = std::size_t (*)(const std::int32_t* values, std::size_t begin, std::size_t end,
                                  std::int32_t threshold);

// The float32 kernels are for learning on the device. Every sum has a fixed order, so that all tiers give the same
// bits.
inline constexpr std::size_t float_tile = 8;

struct FloatRows {
  float* values;  // [count × stride]
  std::size_t count;
  std::size_t stride;  // a multiple of float_tile; zeros in the padding
};
// out[r] = bias[r] + Σ_c rows[r, c] · x[c], with x of `stride` values.
using DotRowsF32 = void (*)(const FloatRows& rows, const float* x, const float* bias, float* out);
// values[i] = e^(values[i] - max) / total, in place; returns the total. Values more than 87 below the maximum become 0.
// Legal: count a multiple of float_tile, finite values.
using SoftmaxF32 = float (*)(float* values, std::size_t count);

// out[c] += Σ_i rows[i].factor · rows[i].weights[c] for c < columns, summed in the order of the rows.
// Legal: columns a multiple of float_tile.
struct ScaledRow {
  const std::int8_t* weights;
  float factor;
};
using AddRowsS8 = void (*)(std::span<const ScaledRow> rows, std::size_t columns, float* out);

struct Kernels {
  const char* name;
  InterleaveS8 interleave;  // null where the tier reads row-major matrices
  MatmulU7S8 matmul;
  ScoresU7S8 scores;
  ScoresU7S4 scores_s4;
  RowsAboveU4 rows_above_u4;
  LstmCellKernel lstm_cell;
  QuantizeS16 quantize;
  FindAbove find_above;
  DotRowsF32 dot_rows_f32;
  SoftmaxF32 softmax_f32;
  AddRowsS8 add_rows_s8;
};

// The plain tier is the reference of the tests for all other tiers.
[[nodiscard]] const Kernels& reference_kernels() noexcept;
// Returns the tiers that this build has and this processor can run, slowest first. The reference is among them, except
// in a WebAssembly module with SIMD, which has only its SIMD tier.
[[nodiscard]] std::span<const Kernels* const> available_kernels() noexcept;
// The fastest tier.
[[nodiscard]] const Kernels& best_kernels() noexcept;

}  // namespace sotto
