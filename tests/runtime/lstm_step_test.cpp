#include <sotto/numeric/internal/scalar_steps.hpp>
#include <sotto/runtime/lstm_step.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace sotto;

// A layer of one unit with one input, every weight, multiplier and bias the same, and its state.
struct UniformLayer {
  std::vector<std::int8_t> weights;
  std::vector<std::int8_t> hidden_weights;
  std::vector<std::int32_t> multipliers;
  std::vector<std::int32_t> biases;
  PackedLstmLayer layer;
  std::vector<std::int16_t> cell{0};
  std::vector<std::int16_t> hidden{0};
  std::vector<std::uint8_t> hidden_u7 = std::vector<std::uint8_t>(column_tile);
  std::vector<std::int32_t> input_sums = std::vector<std::int32_t>(4);
  std::vector<std::int32_t> hidden_sums = std::vector<std::int32_t>(4);

  UniformLayer(std::uint32_t inputs, std::int8_t weight, std::int8_t hidden_weight, std::int32_t multiplier,
               std::int32_t bias, std::int32_t hidden_multiplier, std::int32_t cell_bits)
      : weights(std::size_t{4} * inputs, weight),
        hidden_weights(4, hidden_weight),
        multipliers(4, multiplier),
        biases(4, bias),
        layer{pack(weights, 4, inputs, multipliers, best_kernels()),
              pack(hidden_weights, 4, 1, multipliers, best_kernels()), biases, hidden_multiplier, cell_bits} {}

  void step(std::uint8_t input) {
    const LayerState state{cell, hidden, hidden_u7};
    const std::vector<std::uint8_t> inputs(layer.input_weights.stride, input);
    quantize_hidden(layer, best_kernels(), state);
    lstm_input_products(layer, best_kernels(), inputs.data(), 1, input_sums.data());
    lstm_hidden_products(layer, best_kernels(), hidden_u7.data(), 1, hidden_sums.data());
    lstm_finish_step(layer, best_kernels(), input_sums.data(), hidden_sums.data(), cell, state);
  }
};

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
  UniformLayer unit(1, 0, 0, 1, 1 << 24, 1 << 15, 12);
  unit.step(127);
  CHECK(unit.cell[0] == 2281);     // 0.55677 · 4096 = 2280.5
  CHECK((unit.hidden[0] >= 12109 && unit.hidden[0] <= 12113));  // 0.36962 · 32768 = 12111.7
}

// The widest layer with weights, inputs and multipliers at their bounds: every gate saturates cleanly.
TEST_CASE("the step saturates instead of wrapping", "[runtime][lstm]") {
  constexpr auto huge = std::numeric_limits<std::int32_t>::max();
  UniformLayer unit(max_dim, -128, 127, huge, std::numeric_limits<std::int32_t>::min(), huge, 15);
  unit.cell[0] = -32768;
  unit.hidden[0] = -32768;
  unit.step(127);
  CHECK(unit.input_sums[0] == -128 * 63 * static_cast<std::int32_t>(max_dim));
  // Gates at the negative end: i, f, o ≈ 11 / 32768, g = -32767 / 32768; c = f · c + i · g ≈ -22 units.
  CHECK(unit.cell[0] == -22);
  CHECK(unit.hidden[0] == 0);
}

TEST_CASE("the cell saturates at the ends of its format", "[runtime][lstm]") {
  UniformLayer unit(1, 0, 0, 1, std::numeric_limits<std::int32_t>::max(), 1 << 15, 11);  // gates ≈ 1
  unit.cell[0] = 32767;
  for (int step = 0; step < 3; ++step) unit.step(0);
  CHECK(unit.cell[0] == 32767);
  CHECK(unit.hidden[0] == 32756);  // o · tanh(8), both just below 1
}
