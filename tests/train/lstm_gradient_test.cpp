#include "finite_differences.hpp"

#include <sotto/train/lstm_backward.hpp>
#include <sotto/train/lstm_forward.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

namespace sotto::train {
namespace {

struct LayerCase {
  Index steps, lanes, input_dim, hidden_dim;
};

// One layer with everything that its loss, a random linear functional of the hidden states, depends on.
struct Layer {
  LayerCase size;
  std::vector<double> input_weights, hidden_weights, bias, input, hidden, cell, direction;
  std::vector<std::uint8_t> starts;

  Layer(const LayerCase& c, Random& random) : size(c), starts(static_cast<std::size_t>(c.steps * c.lanes)) {
    const auto values = [&](Index count) { return test::random_values(static_cast<std::size_t>(count), 0.9, random); };
    input_weights = values(4 * c.hidden_dim * c.input_dim);
    hidden_weights = values(4 * c.hidden_dim * c.hidden_dim);
    bias = values(4 * c.hidden_dim);
    input = values(c.steps * c.lanes * c.input_dim);
    hidden = values(c.lanes * c.hidden_dim);
    cell = values(c.lanes * c.hidden_dim);
    direction = values(c.steps * c.lanes * c.hidden_dim);
    for (auto& start : starts) start = random.below(4) == 0 ? 1 : 0;
  }

  [[nodiscard]] LstmView<double> weights() const {
    return {ConstMatrixMap<double>(input_weights.data(), 4 * size.hidden_dim, size.input_dim),
            ConstMatrixMap<double>(hidden_weights.data(), 4 * size.hidden_dim, size.hidden_dim),
            ConstRowMap<double>(bias.data(), 4 * size.hidden_dim)};
  }
  [[nodiscard]] WindowShape window() const { return {size.steps, size.lanes, starts.data()}; }
  [[nodiscard]] Matrix<double> input_matrix() const {
    return ConstMatrixMap<double>(input.data(), size.steps * size.lanes, size.input_dim);
  }
  [[nodiscard]] Matrix<double> direction_matrix() const {
    return ConstMatrixMap<double>(direction.data(), size.steps * size.lanes, size.hidden_dim);
  }

  void forward(LstmTrace<double>& trace) const {
    LstmState<double> carried{ConstMatrixMap<double>(hidden.data(), size.lanes, size.hidden_dim),
                              ConstMatrixMap<double>(cell.data(), size.lanes, size.hidden_dim)};
    PackedLstmForward<double> packed;
    packed.pack(weights());
    lstm_forward(packed, window(), ConstMatrixMap<double>(input.data(), size.steps * size.lanes, size.input_dim),
                 carried, trace);
  }
  [[nodiscard]] double loss() const {
    LstmTrace<double> trace;
    forward(trace);
    return trace.hidden.cwiseProduct(direction_matrix()).sum();
  }
};

TEST_CASE("the LSTM's gradients are those of central differences", "[train]") {
  const LayerCase size =
      GENERATE(LayerCase{1, 1, 1, 1}, LayerCase{1, 3, 2, 1}, LayerCase{7, 1, 1, 5}, LayerCase{5, 3, 4, 3},
               LayerCase{11, 2, 7, 13}, LayerCase{4, 50, 3, 5});  // the last: a block of inputs has one step
  const std::uint64_t seed = GENERATE(range(1U, 4U));
  CAPTURE(size.steps, size.lanes, size.input_dim, size.hidden_dim, seed);
  Random random(seed);
  Layer layer(size, random);

  LstmTrace<double> trace;
  layer.forward(trace);
  std::vector<double> d_input_weights(layer.input_weights.size()), d_hidden_weights(layer.hidden_weights.size());
  std::vector<double> d_bias(layer.bias.size());
  const LstmGradientView<double> gradient{
      MatrixMap<double>(d_input_weights.data(), 4 * size.hidden_dim, size.input_dim),
      MatrixMap<double>(d_hidden_weights.data(), 4 * size.hidden_dim, size.hidden_dim),
      RowMap<double>(d_bias.data(), 4 * size.hidden_dim)};
  Matrix<double> d_input;
  LstmBackwardScratch<double> scratch;
  PackedLstmBackward<double> packed;
  packed.pack(layer.weights());
  const Matrix<double> input = layer.input_matrix();
  lstm_backward(packed, layer.window(), rows_of(input, 0, input.rows()), trace, layer.direction_matrix(), gradient,
                d_input, scratch);

  const auto error = [&](std::vector<double>& values, const double* analytic) {
    return test::gradient_error(values.data(), analytic, values.size(), 200, [&] { return layer.loss(); });
  };
  CHECK(error(layer.input_weights, d_input_weights.data()) < 1e-8);
  CHECK(error(layer.hidden_weights, d_hidden_weights.data()) < 1e-8);
  CHECK(error(layer.bias, d_bias.data()) < 1e-8);
  CHECK(error(layer.input, d_input.data()) < 1e-8);
}

TEST_CASE("two windows with carried state give the hidden states of one", "[train]") {
  Random random(5);
  Layer whole({10, 3, 4, 5}, random);
  LstmTrace<double> expected;
  whole.forward(expected);

  LstmState<double> carried{ConstMatrixMap<double>(whole.hidden.data(), 3, 5),
                            ConstMatrixMap<double>(whole.cell.data(), 3, 5)};
  const Matrix<double> input = whole.input_matrix();
  LstmTrace<double> first, second;
  PackedLstmForward<double> packed;
  packed.pack(whole.weights());
  lstm_forward(packed, {4, 3, whole.starts.data()}, rows_of(input, 0, 12), carried, first);
  lstm_forward(packed, {6, 3, whole.starts.data() + 12}, rows_of(input, 12, 18), carried, second);
  CHECK((first.hidden - expected.hidden.topRows(12)).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((second.hidden - expected.hidden.bottomRows(18)).cwiseAbs().maxCoeff() < 1e-14);
}

}  // namespace
}  // namespace sotto::train
