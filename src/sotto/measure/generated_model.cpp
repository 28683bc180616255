#include <sotto/base/random.hpp>
#include <sotto/measure/generated_model.hpp>
#include <sotto/numeric/formats.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace sotto::measure {
namespace {

constexpr int largest_weight = 127;
constexpr int largest_weight_s4 = 7;
// The values are uniform over -largest … largest.
double deviation_of(int largest) { return std::sqrt(largest * (largest + 1) / 3.0); }
const double weight_deviation = deviation_of(largest_weight);

// The deviation of the hidden states that the gates below give. tests/measure checks both.
constexpr double hidden_deviation = 0.33;
constexpr double hidden_peak = 0.9;

constexpr double product_deviation = 0.7;  // for a gate's input products and for its hidden products; together 1
constexpr double logit_deviation = 2;
constexpr double popularity_range = 1;  // biases of the head lie within ±1
constexpr double forget_bias = 1;       // the initial value of training
constexpr std::int32_t cell_bits = 11;  // cells within ±16

// The result is in units of 2^-bits.
std::int32_t fixed(double value, int bits) {
  return static_cast<std::int32_t>(std::clamp(std::ldexp(value, bits), 1.0, 2147483647.0));
}

WeightValues random_weights(std::size_t count, Random& random) {
  std::vector<std::int8_t> values(count);
  for (auto& v : values) {
    v = static_cast<std::int8_t>(static_cast<int>(random.below(2 * largest_weight + 1)) - largest_weight);
  }
  return WeightValues(std::move(values));
}

MatrixS4 random_weights_s4(std::uint32_t rows, std::uint32_t cols, Random& random) {
  MatrixS4 matrix(rows, cols);
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < cols; ++c) {
      matrix.set(r, c, static_cast<int>(random.below(2 * largest_weight_s4 + 1)) - largest_weight_s4);
    }
  }
  return matrix;
}

// Returns a gate's weights for inputs whose 7-bit values have this deviation.
MatrixS8 gate_matrix(std::uint32_t rows, std::uint32_t cols, double activation_deviation, Random& random) {
  MatrixS8 matrix;
  matrix.rows = rows;
  matrix.cols = cols;
  matrix.values = random_weights(std::size_t{rows} * cols, random);
  const double sum_deviation = std::sqrt(cols) * weight_deviation * activation_deviation;
  matrix.multiplier.assign(rows, fixed(product_deviation / sum_deviation, gate_bits + gate_multiplier_bits));
  return matrix;
}

LstmWeightsS8 lstm_layer(std::uint32_t input_dim, std::uint32_t units, double input_deviation, Random& random) {
  constexpr double to_activation = activation_max / hidden_peak;
  LstmWeightsS8 layer;
  layer.input_weights = gate_matrix(4 * units, input_dim, input_deviation, random);
  layer.hidden_weights = gate_matrix(4 * units, units, hidden_deviation * to_activation, random);
  layer.bias.assign(std::size_t{4} * units, 0);
  std::fill_n(layer.bias.begin() + units, units, fixed(forget_bias, gate_bias_bits));  // blocks i, f, g, o
  layer.hidden_multiplier = fixed(to_activation, activation_multiplier_bits - unit_bits);
  layer.cell_bits = cell_bits;
  return layer;
}

}  // namespace

FixedModel generated_model(const Architecture& a, std::uint64_t seed, int head_bits) {
  Random random(seed);
  FixedModel model;
  model.info.architecture = a;
  model.info.training.tool = "sotto bench";
  model.info.training.seed = seed;
  model.info.training.settings = "{}";
  for (std::uint32_t item = 0; item < a.items; ++item) {
    model.info.catalogue.item_ids.push_back("item-" + std::to_string(item));
  }

  FixedWeights& w = model.weights;
  const bool s4_head = head_bits == 4;
  const bool s4_embedding = s4_head && a.tied_head;
  const double to_activation = double{activation_max} / (s4_embedding ? largest_weight_s4 : largest_weight);
  w.embedding.rows = a.items;
  w.embedding.cols = a.embedding_dim;
  if (!s4_embedding) w.embedding.values = random_weights(std::size_t{a.items} * a.embedding_dim, random);
  w.embedding.multiplier.assign(a.items, fixed(to_activation, activation_multiplier_bits));
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    const double input_deviation =
        layer == 0 ? (s4_embedding ? deviation_of(largest_weight_s4) : weight_deviation) * to_activation
                   : hidden_deviation * activation_max / hidden_peak;
    w.lstm.push_back(lstm_layer(a.layer_input_dim(layer), a.hidden_dim, input_deviation, random));
  }
  if (s4_head) w.head_s4 = random_weights_s4(a.items, a.hidden_dim, random);
  if (!s4_head && !a.tied_head) w.head = random_weights(std::size_t{a.items} * a.hidden_dim, random);
  const double head_deviation = s4_head ? deviation_of(largest_weight_s4) : weight_deviation;
  const double sum_deviation = std::sqrt(a.hidden_dim) * head_deviation * hidden_deviation;
  w.head_multiplier.assign(a.items, fixed(logit_deviation / sum_deviation, head_multiplier_bits));
  for (std::uint32_t item = 0; item < a.items; ++item) {
    const double popularity = popularity_range * (2.0 * static_cast<double>(random.uniform()) - 1.0);
    w.head_bias.push_back(static_cast<std::int32_t>(std::ldexp(popularity, score_bits)));
  }
  return model;
}

}  // namespace sotto::measure
