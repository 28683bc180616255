#include <sotto/base/random.hpp>
#include <sotto/measure/generated_model.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/numeric/formats.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace sotto;
using measure::generated_model;

namespace {

struct Moments {
  double sum = 0;
  double squares = 0;
  double count = 0;
  double beyond = 0;  // |value| above the limit

  void add(double value, double limit) {
    sum += value;
    squares += value * value;
    count += 1;
    beyond += std::abs(value) > limit ? 1 : 0;
  }
  [[nodiscard]] double deviation() const { return std::sqrt(squares / count - sum / count * (sum / count)); }
  [[nodiscard]] double share_beyond() const { return beyond / count; }
};

// A layer's step after docs/numbers.md, with real sigmoid and tanh; it shows what its gates are.
class RealLayer {
 public:
  explicit RealLayer(const LstmWeightsS8& weights)
      : weights_(&weights), cell_(weights.hidden_weights.cols), hidden_(weights.hidden_weights.cols) {}

  std::vector<double> step(const std::vector<double>& input, Moments& gates) {
    const std::size_t units = hidden_.size();
    std::vector<double> gate(4 * units);
    for (std::size_t r = 0; r < gate.size(); ++r) {
      gate[r] = product(weights_->input_weights, r, input) + product(weights_->hidden_weights, r, hidden_) +
                std::ldexp(weights_->bias[r], -gate_bias_bits);
      gates.add(gate[r], 4);  // where a sigmoid is within 2 % of its end
    }
    for (std::size_t j = 0; j < units; ++j) {
      cell_[j] = sigmoid(gate[units + j]) * cell_[j] + sigmoid(gate[j]) * std::tanh(gate[2 * units + j]);
      output_[j] = sigmoid(gate[3 * units + j]) * std::tanh(cell_[j]);
      const double activation =
          output_[j] * std::ldexp(weights_->hidden_multiplier, unit_bits - activation_multiplier_bits);
      hidden_[j] = std::clamp(std::round(activation), double{activation_min}, double{activation_max});
    }
    return hidden_;
  }
  [[nodiscard]] const std::vector<double>& output() const { return output_; }

 private:
  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
  static double product(const MatrixS8& matrix, std::size_t r, const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t c = 0; c < x.size(); ++c) sum += matrix.row(r)[c] * x[c];
    return std::ldexp(sum * matrix.multiplier[r], -gate_multiplier_bits - gate_bits);
  }

  const LstmWeightsS8* weights_;
  std::vector<double> cell_;
  std::vector<double> hidden_;  // 7-bit
  std::vector<double> output_ = std::vector<double>(hidden_.size());
};

std::vector<double> embed(const MatrixS8& embedding, ItemIndex item) {
  std::vector<double> values;
  for (const std::int8_t v : embedding.row(item)) {
    values.push_back(std::round(std::ldexp(std::int64_t{v} * embedding.multiplier[item], -activation_multiplier_bits)));
  }
  return values;
}

}  // namespace

TEST_CASE("a generated model is a function of its seed, and opens") {
  const Architecture small{.items = 50, .embedding_dim = 8, .hidden_dim = 12, .layers = 2};
  const auto bytes = serialize(generated_model(small, 1));
  CHECK(bytes == serialize(generated_model(small, 1)));
  CHECK(bytes != serialize(generated_model(small, 2)));
  const auto opened = parse_fixed_model(bytes);
  REQUIRE(opened.ok());
  CHECK(opened->info.architecture == small);

  const Architecture tied{.items = 50, .embedding_dim = 12, .hidden_dim = 12, .layers = 1, .tied_head = true};
  CHECK(parse_fixed_model(serialize(generated_model(tied, 1))).ok());
}

TEST_CASE("gates of a generated model neither saturate nor vanish, and logits differ by a few units") {
  const std::vector<Architecture> architectures = {
      {.items = 300, .embedding_dim = 16, .hidden_dim = 128, .layers = 2},
      {.items = 300, .embedding_dim = 64, .hidden_dim = 64, .layers = 1, .tied_head = true},
      {.items = 300, .embedding_dim = 4, .hidden_dim = 32, .layers = 3}};
  for (const Architecture& a : architectures) {
    CAPTURE(a.embedding_dim, a.hidden_dim, a.layers);
    const FixedModel model = generated_model(a, 7);
    const FixedWeights& w = model.weights;
    std::vector<RealLayer> layers(w.lstm.begin(), w.lstm.end());
    std::vector<Moments> gates(a.layers);
    std::vector<Moments> hidden(a.layers);
    Random random(3);
    for (int event = 0; event < 60; ++event) {
      std::vector<double> x = embed(w.embedding, random.below(a.items));
      for (std::uint32_t l = 0; l < a.layers; ++l) {
        x = layers[l].step(x, gates[l]);
        for (const double h : layers[l].output()) hidden[l].add(h, 0.9);
      }
    }
    for (std::uint32_t l = 0; l < a.layers; ++l) {
      CAPTURE(l, gates[l].deviation(), gates[l].share_beyond(), hidden[l].deviation());
      CHECK(gates[l].deviation() > 0.7);
      CHECK(gates[l].deviation() < 1.5);
      CHECK(gates[l].share_beyond() < 0.02);
      CHECK(hidden[l].deviation() > 0.15);
      CHECK(hidden[l].deviation() < 0.4);
      CHECK(hidden[l].share_beyond() < 0.02);
    }
    Moments logits;
    for (ItemIndex item = 0; item < a.items; ++item) {
      double sum = 0;
      for (std::uint32_t c = 0; c < a.hidden_dim; ++c) {
        sum += w.head_values()[std::size_t{item} * a.hidden_dim + c] * layers.back().output()[c];
      }
      logits.add(
          std::ldexp(sum * w.head_multiplier[item], -head_multiplier_bits) + std::ldexp(w.head_bias[item], -score_bits),
          10);
    }
    CAPTURE(logits.deviation());
    CHECK(logits.deviation() > 1);
    CHECK(logits.deviation() < 4);
    CHECK(logits.share_beyond() < 0.02);
  }
}
