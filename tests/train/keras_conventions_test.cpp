// First weights and Adam's epsilon as Keras 3 has them, for the preset that is its classic recommender.
#include <sotto/train/optimizer.hpp>
#include <sotto/train/orthogonal.hpp>
#include <sotto/train/train.hpp>
#include <sotto/train/weights.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace sotto::train {
namespace {

TEST_CASE("an orthogonal matrix has orthonormal columns", "[train][keras]") {
  const std::size_t cols = GENERATE(1U, 2U, 13U);
  const std::size_t rows = cols * GENERATE(1U, 4U);
  Random random(3);
  std::vector<float> matrix(rows * cols);
  fill_orthogonal(matrix, cols, random);
  for (std::size_t a = 0; a < cols; ++a) {
    for (std::size_t b = 0; b < cols; ++b) {
      double dot = 0;
      for (std::size_t r = 0; r < rows; ++r) {
        dot += static_cast<double>(matrix[r * cols + a]) * static_cast<double>(matrix[r * cols + b]);
      }
      CHECK(std::abs(dot - (a == b ? 1 : 0)) < 1e-5);
    }
  }
}

TEST_CASE("keras-classic's first weights are within Keras's bounds and fill them", "[train][keras]") {
  const TrainOptions preset = keras_classic();
  const Architecture architecture{.items = 500,
                                  .embedding_dim = preset.embedding_dim,
                                  .hidden_dim = preset.hidden_dim,
                                  .layers = preset.layers,
                                  .head = preset.head};
  const ParameterLayout layout = make_layout(architecture, 500);
  const auto parameters = initial_parameters(layout, std::vector<std::uint64_t>(500, 1), preset.conventions, 1);
  const auto largest = [&](const Block& block) {
    const auto values = parameters.span().subspan(block.offset, block.size());
    return std::abs(static_cast<double>(*std::ranges::max_element(values, {}, [](float v) { return std::abs(v); })));
  };
  const auto fills = [&](const Block& block, double bound) {
    CHECK(largest(block) <= bound * (1 + 1e-6));
    CHECK(largest(block) > 0.9 * bound);
  };
  fills(layout.embedding, 0.05);
  fills(layout.lstm[0].input_weights, std::sqrt(6.0 / (16 + 512)));
  fills(layout.lstm[1].input_weights, std::sqrt(6.0 / (128 + 512)));
  fills(layout.head, std::sqrt(6.0 / (128 + 1)));
  const auto bias = parameters.span().subspan(layout.lstm[1].bias.offset, 512);
  for (std::size_t i = 0; i < 512; ++i) CHECK(bias[i] == (i / 128 == 1 ? 1.0F : 0.0F));
  // Any input of the recurrent product comes out as long as it went in: one of ones is √128 long.
  const Block& recurrent = layout.lstm[1].hidden_weights;
  double square = 0;
  for (std::size_t row = 0; row < recurrent.rows; ++row) {
    double sum = 0;
    for (std::size_t col = 0; col < recurrent.cols; ++col) {
      sum += static_cast<double>(parameters.span()[recurrent.offset + row * recurrent.cols + col]);
    }
    square += sum * sum;
  }
  CHECK(std::abs(square - 128) < 1e-3);
}

// Keras: w -= lr · √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + 1e-7), with m and v not corrected.
TEST_CASE("Adam with Keras's epsilon steps as Keras does where gradients are tiny", "[train][keras]") {
  const Architecture architecture{.items = 1, .embedding_dim = 1, .hidden_dim = 1, .layers = 1, .tied_head = true};
  const ParameterLayout layout = make_layout(architecture, 1);
  Optimizer optimizer(layout, OptimizerKind::adam, Conventions::keras, 0, 0);
  std::vector<float> parameters(layout.size, 0.0F);
  const std::vector<float> gradient(layout.size, 1e-6F);
  ThreadPool pool(1);
  StepGradients gradients;
  gradients.layout = layout;
  gradients.shards = {gradient.data()};
  double expected = 0, m = 0, v = 0;
  for (int t = 1; t <= 3; ++t) {
    optimizer.step(gradients, 1e-3, parameters, pool);
    m = 0.9 * m + 0.1 * 1e-6;
    v = 0.999 * v + 0.001 * 1e-12;
    expected -= 1e-3 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * m / (std::sqrt(v) + 1e-7);
    CHECK(std::abs(static_cast<double>(parameters[0]) / expected - 1) < 1e-4);
  }
  CHECK(expected > -1e-3);  // three steps of Adam's own epsilon would be -3e-3
}

}  // namespace
}  // namespace sotto::train
