#include "kernel_inputs.hpp"

#include <algorithm>
#include <cstdint>

namespace sotto::test {
namespace {

// Uniform in -range … range.
std::int32_t within(std::uint32_t range, Random& random) {
  return static_cast<std::int32_t>(static_cast<std::int64_t>(random.below(2 * range + 1)) - range);
}

// Any magnitude is as likely as another: 1 … 2^31 - 1.
std::int32_t any_multiplier(Random& random) {
  return static_cast<std::int32_t>(1 + random.below((1U << random.below(31)) * 2 - 1));
}

}  // namespace

ProductInput::ProductInput(std::size_t row_count, std::size_t row_stride, std::size_t input_count)
    : rows(row_count),
      stride(row_stride),
      count(input_count),
      down(input_count, 26),
      weights(row_count * row_stride),
      x(2 * input_count * row_stride),
      offset(row_count),
      multiplier(row_count, 1),
      bias(row_count) {}

ProductInput random_products(std::size_t rows, std::size_t stride, std::size_t count, Random& random) {
  ProductInput in(rows, stride, count);
  for (int& down : in.down) down = 16 + static_cast<int>(random.below(11));
  for (auto& w : in.weights) w = static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128);
  for (auto& x : in.x) x = static_cast<std::uint8_t>(random.below(128));
  for (auto& o : in.offset) o = within(1U << 25, random);
  for (auto& m : in.multiplier) m = any_multiplier(random);
  for (auto& b : in.bias) b = within(1U << random.below(31), random);
  return in;
}

Products products(const Kernels& kernels, const ProductInput& in) {
  const ScoreInputs inputs{in.x.data(), in.down.data(), in.count};
  const ScoreScale scale{in.multiplier.data(), in.bias.data()};
  const auto rows_of = [&](std::vector<std::int32_t>& values) {
    std::vector<std::int32_t*> rows;
    for (std::size_t n = 0; n < in.count; ++n) rows.push_back(values.data() + n * in.rows);
    return rows;
  };
  const auto multiply = [&](const std::int8_t* weights, bool interleaved) {
    const KernelMatrix matrix{weights, in.offset.data(), in.rows, in.stride, interleaved};
    Products out{std::vector<std::int32_t>(in.count * in.rows),
                 std::vector<std::int32_t>(in.count * in.rows),
                 std::vector<std::int32_t>(in.count * in.rows),
                 {}};
    kernels.matmul(matrix, in.x.data(), in.count, out.matmul.data(), in.rows);
    kernels.scores(matrix, inputs, scale, rows_of(out.scores).data());
    kernels.scores_s4({reinterpret_cast<const std::uint8_t*>(weights), matrix.offset, in.rows, in.stride, interleaved},
                      inputs, scale, rows_of(out.scores_s4).data());
    return out;
  };
  Products out = multiply(in.weights.data(), false);
  if (kernels.interleave != nullptr) {
    std::vector<std::int8_t> interleaved(in.weights.size());
    kernels.interleave(in.weights.data(), in.rows, in.stride, interleaved.data());
    if (multiply(interleaved.data(), true) != out) return {};
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(in.weights.data());
  std::vector<std::int8_t> x(2 * in.stride);
  for (std::size_t c = 0; c < x.size(); ++c) x[c] = static_cast<std::int8_t>(in.x[c] - 64);
  const std::size_t whole_tiles = in.rows / column_tile * column_tile;
  std::vector<RowProduct> above(whole_tiles);
  above.resize(kernels.rows_above_u4(bytes, whole_tiles, in.stride, x.data(), 0, above.data()));
  for (const RowProduct& row : above) {
    out.above_u4.push_back(static_cast<std::int32_t>(row.row));
    out.above_u4.push_back(row.product);
  }
  return out;
}

CellInput::CellInput(std::size_t unit_count, int bits)
    : units(unit_count),
      cell_bits(bits),
      input_sums(4 * unit_count),
      hidden_sums(4 * unit_count),
      input_multiplier(4 * unit_count, 1),
      hidden_multiplier(4 * unit_count, 1),
      bias(4 * unit_count),
      cell(unit_count) {}

CellInput plausible_cell(std::size_t units, int cell_bits, Random& random) {
  CellInput in(units, cell_bits);
  for (auto& s : in.input_sums) s = within(1U << 20, random);
  for (auto& s : in.hidden_sums) s = within(1U << 20, random);
  for (auto& m : in.input_multiplier) m = static_cast<std::int32_t>(1 + random.below(1U << 19));
  for (auto& m : in.hidden_multiplier) m = static_cast<std::int32_t>(1 + random.below(1U << 19));
  for (auto& b : in.bias) b = within(1U << 26, random);
  for (auto& c : in.cell) c = static_cast<std::int16_t>(within(32767, random));
  return in;
}

CellInput extreme_cell(std::size_t units, int cell_bits, Random& random) {
  CellInput in(units, cell_bits);
  for (auto& s : in.input_sums) s = within(1U << 26, random);
  for (auto& s : in.hidden_sums) s = within(1U << 26, random);
  for (auto& m : in.input_multiplier) m = any_multiplier(random);
  for (auto& m : in.hidden_multiplier) m = any_multiplier(random);
  for (auto& b : in.bias) b = within(0x7FFFFFFF, random);
  for (auto& c : in.cell) c = static_cast<std::int16_t>(random.below(65536));
  return in;
}

CellOutput step(const Kernels& kernels, const CellInput& in) {
  CellOutput out{in.cell, std::vector<std::int16_t>(in.units)};
  kernels.lstm_cell({.units = in.units,
                     .input_sums = in.input_sums.data(),
                     .hidden_sums = in.hidden_sums.data(),
                     .input_multiplier = in.input_multiplier.data(),
                     .hidden_multiplier = in.hidden_multiplier.data(),
                     .bias = in.bias.data(),
                     .cell_before = out.cell.data(),
                     .cell = out.cell.data(),
                     .hidden = out.hidden.data(),
                     .cell_bits = in.cell_bits});
  return out;
}

}  // namespace sotto::test
