#include <sotto/numeric/rounding.hpp>
#include <sotto/runtime/lstm_step.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace sotto;

// A layer of one unit with one input, every weight, multiplier and bias the same.
PackedLstmLayer uniform_layer(std::int8_t weight, std::int32_t multiplier, std::int32_t bias, std::int32_t cell_bits) {
  const std::vector<std::int8_t> weights(4, weight);
  const std::vector<std::int32_t> multipliers(4, multiplier);
  return {pack(weights, 4, 1, multipliers), pack(weights, 4, 1, multipliers), std::vector<std::int32_t>(4, bias),
          1 << 15, cell_bits};
}

}  // namespace

TEST_CASE("7-bit activations round and saturate", "[runtime][lstm]") {
  constexpr std::int32_t unit = 1 << 15;  // Q0.15 → steps of 1/64
  CHECK(quantize_activation(0, unit) == 64);
  CHECK(quantize_activation(512, unit) == 65);
  CHECK(quantize_activation(255, unit) == 64);
  CHECK(quantize_activation(256, unit) == 65);
  CHECK(quantize_activation(32767, unit) == 127);
  CHECK(quantize_activation(-32768, unit) == 0);
  CHECK(quantize_activation(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()) == 0);
}

// By hand: all pre-activations are the bias 1.0; sigmoid(1) = 0.7310586, tanh(1) = 0.7615942;
// c = 0.5567698, h = 0.7310586 · tanh(c) = 0.3696.
TEST_CASE("one unit's step agrees with the equations", "[runtime][lstm]") {
  const auto layer = uniform_layer(0, 1, 1 << 24, 12);
  auto scratch = make_step_scratch({1, 1, 1, 1, false, false});
  AlignedBuffer<std::uint8_t> input(column_tile);
  input[0] = 127;
  std::vector<std::int16_t> cell{0};
  std::vector<std::int16_t> hidden{0};
  lstm_step(layer, reference_kernels(), input.data(), cell, hidden, scratch);
  CHECK(cell[0] == 2281);     // 0.55677 · 4096 = 2280.5
  CHECK((hidden[0] >= 12109 && hidden[0] <= 12113));  // 0.36962 · 32768 = 12111.7
}

// The widest layer with weights, inputs and multipliers at their bounds: every gate saturates cleanly.
TEST_CASE("the step saturates instead of wrapping", "[runtime][lstm]") {
  constexpr std::uint32_t dim = max_dim;
  constexpr auto huge = std::numeric_limits<std::int32_t>::max();
  const std::vector<std::int8_t> weights(std::size_t{4} * dim, -128);
  const std::vector<std::int32_t> multipliers(4, huge);
  const PackedLstmLayer layer{pack(weights, 4, dim, multipliers),
                              pack(std::vector<std::int8_t>(4, 127), 4, 1, multipliers),
                              std::vector<std::int32_t>(4, std::numeric_limits<std::int32_t>::min()), huge, 15};
  auto scratch = make_step_scratch({1, dim, 1, 1, false, false});
  AlignedBuffer<std::uint8_t> input(dim);
  for (auto& x : input.span()) x = 127;
  std::vector<std::int16_t> cell{-32768};
  std::vector<std::int16_t> hidden{-32768};
  lstm_step(layer, reference_kernels(), input.data(), cell, hidden, scratch);
  CHECK(scratch.input_sums[0] == -128 * 63 * static_cast<std::int32_t>(dim));
  // Gates at the negative end: i, f, o ≈ 11 / 32768, g = -32767 / 32768; c = f · c + i · g ≈ -22 units.
  CHECK(cell[0] == -22);
  CHECK(hidden[0] == 0);
}

TEST_CASE("the cell saturates at the ends of its format", "[runtime][lstm]") {
  const auto layer = uniform_layer(0, 1, std::numeric_limits<std::int32_t>::max(), 11);  // gates ≈ 1
  auto scratch = make_step_scratch({1, 1, 1, 1, false, false});
  const AlignedBuffer<std::uint8_t> input(column_tile);
  std::vector<std::int16_t> cell{32767};
  std::vector<std::int16_t> hidden{0};
  for (int step = 0; step < 3; ++step) lstm_step(layer, reference_kernels(), input.data(), cell, hidden, scratch);
  CHECK(cell[0] == 32767);
  CHECK(hidden[0] == 32756);  // o · tanh(8), both just below 1
}
