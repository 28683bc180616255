// The kernels are written once over a vector of int32 lanes. Each tier provides a Vector (vector_avx2.hpp,
// vector_simd128.hpp) with these members:
//
//   lanes                        number of int32 lanes, and of rows that one call of dot_rows multiplies
//   I32, I64                     `lanes` values; each tier chooses the order of the values in an I64
//   load/store, load_s16/store_s16 (saturating), store_u8 (values 0 … 255), splat, add, subtract, …
//   widen(a)                     I32 → I64;  widen_multiply(a, b): exact products
//   shift_right_logical(I64, n)  shifts zeros in from the left
//   low_words, high_words        the halves of an I64's values, with the lanes in order
//   any(mask), bits(mask)        whether any lane is set; the set lanes as bits, with the first lane in the lowest bit
//   lookup(table, index)         table[index] for each lane
//   pair_dot(a, b)               int16 halves of each lane: a.low · b.low + a.high · b.high
//   dot_rows(weights, stride, x) the sums of `lanes` consecutive rows
//   dot_rows_u4(weights, …)      the same for 4-bit weights as they are stored, 0 … 15 (KernelMatrixS4); the inputs
//   have
//                                7 bits or are signed
//   interleaves                  whether the tier uses interleaved rows (KernelMatrix); if so, it also provides
//   dot_interleaved(weights, stride, x, sums)  the sums of a tile's interleaved_rows rows, in order; dot_interleaved_u4
//                                does the same for 4-bit weights
//
// Files that are compiled for one instruction set include this header. The unnamed namespace keeps each file's copy
// separate.
#pragma once

#include <sotto/numeric/internal/activations.hpp>
#include <sotto/numeric/internal/float_kernels.hpp>
#include <sotto/numeric/internal/interleave.hpp>
#include <sotto/numeric/internal/scalar_steps.hpp>
#include <sotto/numeric/kernels.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sotto {
namespace {

template <class Vector>
struct VectorKernels {
  using I32 = typename Vector::I32;
  using I64 = typename Vector::I64;
  static constexpr std::size_t lanes = Vector::lanes;

  static void matmul(const KernelMatrix& matrix, const std::uint8_t* x, std::size_t count, std::int32_t* out,
                     std::size_t out_stride) {
    blocks_meet_inputs(matrix, count, [&](std::size_t n, std::size_t begin, std::size_t end) {
      const std::uint8_t* input = x + n * matrix.stride;
      std::int32_t* sums = out + n * out_stride;
      std::size_t r =
          sums_of_rows(matrix, input, begin, end, [&](std::size_t at, I32 sum) { Vector::store(sums + at, sum); });
      for (; r < end; ++r) sums[r] = row_sum(matrix, r, input);
    });
  }

  template <class Matrix>
  static void scores(const Matrix& matrix, const ScoreInputs& inputs, const ScoreScale& scale,
                     std::int32_t* const* out) {
    blocks_meet_inputs(matrix, inputs.count, [&](std::size_t n, std::size_t begin, std::size_t end) {
      const ScoreShift shift(inputs.down[n]);
      const std::uint8_t* input = inputs.x + n * input_size(matrix);
      std::int32_t* scores = out[n];
      std::size_t r = sums_of_rows(matrix, input, begin, end, [&](std::size_t at, I32 sum) {
        Vector::store(scores + at,
                      shift.scale(sum, Vector::load(scale.multiplier + at), Vector::load(scale.bias + at)));
      });
      for (; r < end; ++r) scores[r] = scaled_score(row_sum(matrix, r, input), scale, inputs.down[n], r);
    });
  }

  static std::size_t rows_above_u4(const std::uint8_t* weights, std::size_t rows, std::size_t stride,
                                   const std::int8_t* x, std::int32_t limit, RowProduct* above) {
    const I32 limits = Vector::splat(limit);
    std::size_t found = 0;
    for (std::size_t r = 0; r < rows; r += lanes) {
      const I32 sums = Vector::dot_rows_u4(weights + r * stride, stride, x);
      unsigned bits = Vector::bits(Vector::greater(sums, limits));
      if (bits == 0) continue;
      std::int32_t products[lanes];
      Vector::store(products, sums);
      for (; bits != 0; bits &= bits - 1) {
        const auto lane = static_cast<std::uint32_t>(std::countr_zero(bits));
        above[found++] = {static_cast<std::uint32_t>(r) + lane, products[lane]};
      }
    }
    return found;
  }

  static void lstm_cell(const LstmCell& step) {
    const CellFormat format(step.cell_bits);
    std::size_t j = 0;
    for (; j + lanes <= step.units; j += lanes) {
      const I32 i = activate(sigmoid_table, gate(step, j));
      const I32 f = activate(sigmoid_table, gate(step, step.units + j));
      const I32 g = activate(tanh_table, gate(step, 2 * step.units + j));
      const I32 o = activate(sigmoid_table, gate(step, 3 * step.units + j));
      const I32 cell = format.next(Vector::load_s16(step.cell_before + j), i, f, g);
      Vector::store_s16(step.cell + j, cell);
      const I32 squashed = activate(tanh_table, format.to_gate(cell));
      const I32 product = Vector::multiply(o, squashed);
      Vector::store_s16(step.hidden + j, round_shift_right(product, unit_bits));
    }
    for (; j < step.units; ++j) lstm_unit(step, j);
  }

  static void quantize(const std::int16_t* values, std::size_t count, std::int32_t multiplier, std::uint8_t* out) {
    const I32 multipliers = Vector::splat(multiplier);
    const I64 half = Vector::splat64(std::int64_t{1} << (activation_multiplier_bits - 1));
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      // |value · multiplier| < 2^46, so after the shift the low words hold the whole value.
      const I64 product = Vector::add64(Vector::widen_multiply(Vector::load_s16(values + i), multipliers), half);
      const I32 scaled = Vector::low_words(Vector::shift_right_logical(product, activation_multiplier_bits));
      const I32 clamped =
          Vector::max(Vector::min(scaled, Vector::splat(activation_max)), Vector::splat(activation_min));
      Vector::store_u8(out + i, Vector::add(clamped, Vector::splat(activation_zero_point)));
    }
    for (; i < count; ++i) out[i] = quantize_activation(values[i], multiplier);
  }

  static std::size_t find_above(const std::int32_t* values, std::size_t begin, std::size_t end,
                                std::int32_t threshold) {
    const I32 thresholds = Vector::splat(threshold);
    std::size_t i = begin;
    for (; i + 4 * lanes <= end; i += 4 * lanes) {
      const I32 first = Vector::max(Vector::load(values + i), Vector::load(values + i + lanes));
      const I32 second = Vector::max(Vector::load(values + i + 2 * lanes), Vector::load(values + i + 3 * lanes));
      if (Vector::any(Vector::greater(Vector::max(first, second), thresholds))) break;
    }
    while (i < end && values[i] <= threshold) ++i;
    return i;
  }

 private:
  // Calls multiply(n, begin, end) for each input n and each block of rows. A block is multiplied by all inputs while it
  // is in the L1 cache. For one input the matrix is one block.
  template <class Matrix, class Multiply>
  static void blocks_meet_inputs(const Matrix& matrix, std::size_t count, Multiply multiply) {
    constexpr std::size_t block_bytes = 16 * 1024;
    const std::size_t fitting =
        std::max(interleaved_rows, block_bytes / matrix.stride / interleaved_rows * interleaved_rows);
    const std::size_t block = count == 1 ? matrix.rows : fitting;
    for (std::size_t begin = 0; begin < matrix.rows; begin += block) {
      const std::size_t end = std::min(begin + block, matrix.rows);
      for (std::size_t n = 0; n < count; ++n) multiply(n, begin, end);
    }
  }

  // Calls use(r, the sums of rows r … r + lanes - 1) for the vectors of rows between r and end. Returns the first row
  // that remains. Legal: r a multiple of interleaved_rows.
  template <class Matrix, class Use>
  static std::size_t sums_of_rows(const Matrix& matrix, const std::uint8_t* x, std::size_t r, std::size_t end,
                                  Use use) {
    const auto begin_of = begins_of_sums(matrix, x);
    if constexpr (Vector::interleaves) {
      static_assert(interleaved_rows == 2 * lanes);
      if (matrix.interleaved) {
        for (; r + interleaved_rows <= end; r += interleaved_rows) {
          I32 sums[2];
          dot_interleaved(matrix, r, x, sums);
          use(r, Vector::add(begin_of(r), sums[0]));
          use(r + lanes, Vector::add(begin_of(r + lanes), sums[1]));
        }
      }
    }
    for (; r + lanes <= end; r += lanes) use(r, Vector::add(begin_of(r), dot_rows(matrix, r, x)));
    return r;
  }

  // begins_of_sums(matrix, x)(r) returns the start values of the sums of rows r … r + lanes - 1.
  static auto begins_of_sums(const KernelMatrix& matrix, const std::uint8_t*) noexcept {
    return [&matrix](std::size_t r) { return Vector::load(matrix.offset + r); };
  }
  // Σ weight · x = Σ stored · x - 8 · Σ x, where the second term is the same for all rows.
  static auto begins_of_sums(const KernelMatrixS4& matrix, const std::uint8_t* x) noexcept {
    std::int32_t inputs = 0;
    for (std::size_t c = 0; c < input_size(matrix); ++c) inputs += x[c];
    return [&matrix, zero_point = Vector::splat(-weight_s4_zero_point * inputs)](std::size_t r) {
      return Vector::add(Vector::load(matrix.offset + r), zero_point);
    };
  }

  static I32 dot_rows(const KernelMatrix& matrix, std::size_t r, const std::uint8_t* x) noexcept {
    return Vector::dot_rows(matrix.weights + r * matrix.stride, matrix.stride, x);
  }
  static I32 dot_rows(const KernelMatrixS4& matrix, std::size_t r, const std::uint8_t* x) noexcept {
    return Vector::dot_rows_u4(matrix.weights + r * matrix.stride, matrix.stride, x);
  }
  static void dot_interleaved(const KernelMatrix& matrix, std::size_t r, const std::uint8_t* x,
                              I32 (&sums)[2]) noexcept {
    Vector::dot_interleaved(matrix.weights + r * matrix.stride, matrix.stride, x, sums);
  }
  static void dot_interleaved(const KernelMatrixS4& matrix, std::size_t r, const std::uint8_t* x,
                              I32 (&sums)[2]) noexcept {
    Vector::dot_interleaved_u4(matrix.weights + r * matrix.stride, matrix.stride, x, sums);
  }

  static I32 round_shift_right(I32 value, int shift) noexcept {
    return Vector::shift_right(Vector::add(value, Vector::splat(1 << (shift - 1))), shift);
  }

  // Saturates a 64-bit sum, shifted right by 24, to 16 bits. The result is the low words of the shifted sum. Where the
  // high words of the unshifted sum show that it lies beyond ±2^39, the result is the limit.
  static I32 gate(const LstmCell& step, std::size_t row) noexcept {
    static_assert(gate_multiplier_bits == 24);
    const I64 from_input =
        Vector::widen_multiply(Vector::load(step.input_sums + row), Vector::load(step.input_multiplier + row));
    const I64 from_hidden =
        Vector::widen_multiply(Vector::load(step.hidden_sums + row), Vector::load(step.hidden_multiplier + row));
    constexpr std::int32_t bias_scale = 1 << (gate_bits + gate_multiplier_bits - gate_bias_bits);
    const I64 bias = Vector::widen_multiply(Vector::load(step.bias + row), Vector::splat(bias_scale));
    const I64 half = Vector::splat64(std::int64_t{1} << (gate_multiplier_bits - 1));
    const I64 sum = Vector::add64(Vector::add64(from_input, from_hidden), Vector::add64(bias, half));
    const I32 beyond = Vector::high_words(sum);
    const I32 shifted = Vector::low_words(Vector::shift_right_logical(sum, gate_multiplier_bits));
    const I32 capped = Vector::select(Vector::greater(beyond, Vector::splat(127)), Vector::splat(32767), shifted);
    return Vector::select(Vector::greater(Vector::splat(-128), beyond), Vector::splat(-32768), capped);
  }

  static I32 activate(const ActivationTable& table, I32 x_q12) noexcept {
    const I32 offset = Vector::add(x_q12, Vector::splat(32768));
    const I32 entry = Vector::lookup(table.data(), Vector::shift_right(offset, activation_interval_bits));
    constexpr std::int32_t interval = 1 << activation_interval_bits;
    const I32 fraction = Vector::bit_and(offset, Vector::splat(interval - 1));
    // left · 128 + rise · fraction
    const I32 at_2_7 =
        Vector::pair_dot(entry, Vector::bit_or(Vector::shift_left(fraction, 16), Vector::splat(interval)));
    return round_shift_right(at_2_7, activation_interval_bits);
  }

  // With s = 15 - cell bits: (f·c · 2^s + i·g + 2^(14+s)) >> (15+s) = (f·c + ((i·g + 2^(14+s)) >> s)) >> 15, because
  // f·c is an integer. No sum exceeds 2^31 (docs/numbers.md).
  class CellFormat {
   public:
    explicit CellFormat(int cell_bits) noexcept : cell_bits_(cell_bits) {}

    I32 next(I32 cell, I32 i, I32 f, I32 g) const noexcept {
      const int s = unit_bits - cell_bits_;
      const I32 added = Vector::add(Vector::multiply(i, g), Vector::splat(1 << (unit_bits - 1 + s)));
      const I32 sum = Vector::add(Vector::multiply(f, cell), Vector::shift_right(added, s));
      return clamp_s16(Vector::shift_right(sum, unit_bits));
    }

    I32 to_gate(I32 cell) const noexcept {
      return cell_bits_ <= gate_bits ? clamp_s16(Vector::shift_left(cell, gate_bits - cell_bits_))
                                     : round_shift_right(cell, cell_bits_ - gate_bits);
    }

   private:
    static I32 clamp_s16(I32 value) noexcept {
      return Vector::max(Vector::min(value, Vector::splat(32767)), Vector::splat(-32768));
    }

    int cell_bits_;
  };

  // Applies round_shift to a product, with a shift that is known at run time. x86 has no arithmetic right shift of
  // 64-bit lanes. Adding 2^62 makes the product positive, and the shifted 2^62 is subtracted afterwards.
  class ScoreShift {
   public:
    explicit ScoreShift(int down) noexcept
        : down_(down),
          before_(Vector::splat64((std::int64_t{1} << 62) + (std::int64_t{1} << (down - 1)))),
          after_(Vector::splat64(-(std::int64_t{1} << (62 - down)))) {}

    I32 scale(I32 sums, I32 multiplier, I32 bias) const noexcept {
      const I64 product = Vector::add64(Vector::widen_multiply(sums, multiplier), before_);
      const I64 score =
          Vector::add64(Vector::add64(Vector::shift_right_logical(product, down_), after_), Vector::widen(bias));
      // The score fits 32 bits if the high word repeats the sign of the low word.
      const I32 low = Vector::low_words(score);
      const I32 high = Vector::high_words(score);
      const I32 saturated = Vector::bit_xor(Vector::shift_right(high, 31), Vector::splat(0x7FFFFFFF));
      return Vector::select(Vector::equal(high, Vector::shift_right(low, 31)), low, saturated);
    }

   private:
    int down_;
    I64 before_;
    I64 after_;
  };
};

template <class Vector>
constexpr Kernels kernels_of(const char* name) {
  using K = VectorKernels<Vector>;
  return {name,
          Vector::interleaves ? interleave_rows : nullptr,
          K::matmul,
          K::template scores<KernelMatrix>,
          K::template scores<KernelMatrixS4>,
          K::rows_above_u4,
          K::lstm_cell,
          K::quantize,
          K::find_above,
          dot_rows_f32,
          softmax_f32,
          add_rows_s8};
}

}  // namespace
}  // namespace sotto
