#include "finite_differences.hpp"

#include <sotto/train/sampled_head.hpp>
#include <sotto/train/softmax_head.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <numeric>

namespace sotto::train {
namespace {

using Catch::Approx;

struct Head {
  Index positions, items, hidden_dim;
  std::vector<double> weights, bias, input;
  std::vector<std::uint32_t> target;
  std::vector<float> weight;
  std::vector<double> d_weights, d_bias;
  Matrix<double> d_input;

  Head(Index p, Index v, Index h, Random& random) : positions(p), items(v), hidden_dim(h) {
    const auto values = [&](Index count) { return test::random_values(static_cast<std::size_t>(count), 1.5, random); };
    weights = values(v * h);
    bias = values(v);
    input = values(p * h);
    target = test::random_items(static_cast<std::size_t>(p), static_cast<std::uint32_t>(v), random);
    for (Index i = 0; i < p; ++i) weight.push_back(i % 5 == 4 ? 0.0F : 0.25F + random.uniform());
    d_weights.assign(weights.size(), 0.0);
    d_bias.assign(bias.size(), 0.0);
  }

  [[nodiscard]] HeadView<double> view() const {
    return {ConstMatrixMap<double>(weights.data(), items, hidden_dim), ConstRowMap<double>(bias.data(), items)};
  }
  [[nodiscard]] HeadGradientView<double> gradient_view() {
    return {MatrixMap<double>(d_weights.data(), items, hidden_dim), RowMap<double>(d_bias.data(), items)};
  }
  [[nodiscard]] HeadTargets targets() const { return {target.data(), target.data(), weight.data()}; }
  [[nodiscard]] Matrix<double> input_matrix() const {
    return ConstMatrixMap<double>(input.data(), positions, hidden_dim);
  }

  // The definition, without blocks.
  [[nodiscard]] double plain_loss() const {
    const Matrix<double> logits = (input_matrix() * view().weights.transpose()).rowwise() + view().bias.matrix();
    double loss = 0;
    for (Index p = 0; p < positions; ++p) {
      const auto row = static_cast<std::size_t>(p);
      loss += static_cast<double>(weight[row]) *
              (std::log(logits.row(p).array().exp().sum()) - logits(p, static_cast<Index>(target[row])));
    }
    return loss;
  }
};

TEST_CASE("the softmax head's loss is the definition's, its gradients those of central differences", "[train]") {
  // Around the block sizes of positions and items.
  const auto [positions, items] =
      GENERATE(std::pair<Index, Index>{1, 1}, std::pair<Index, Index>{1, 2}, std::pair<Index, Index>{3, 511},
               std::pair<Index, Index>{5, 512}, std::pair<Index, Index>{7, 513}, std::pair<Index, Index>{127, 31},
               std::pair<Index, Index>{128, 13}, std::pair<Index, Index>{129, 1031});
  CAPTURE(positions, items);
  Random random(11);
  Head head(positions, items, 3, random);
  SoftmaxScratch<double> scratch;
  const double loss =
      softmax_head(head.view(), head.input_matrix(), head.targets(), head.gradient_view(), head.d_input, scratch);
  CHECK(loss == Approx(head.plain_loss()).margin(1e-12));
  const auto error = [&](std::vector<double>& values, const double* analytic) {
    return test::gradient_error(values.data(), analytic, values.size(), 40, [&] { return head.plain_loss(); });
  };
  CHECK(error(head.weights, head.d_weights.data()) < 1e-7);
  CHECK(error(head.bias, head.d_bias.data()) < 1e-7);
  CHECK(error(head.input, head.d_input.data()) < 1e-7);
}

TEST_CASE("logits of any size neither overflow nor underflow the loss", "[train]") {
  Random random(12);
  Head head(6, 700, 4, random);
  for (double& value : head.input) value *= 1e4;
  SoftmaxScratch<double> scratch;
  const double loss =
      softmax_head(head.view(), head.input_matrix(), head.targets(), head.gradient_view(), head.d_input, scratch);
  CHECK(std::isfinite(loss));
  CHECK(head.d_input.allFinite());
}

struct Sample {
  std::vector<std::uint32_t> item;
  std::vector<float> log_count, target_log_count;

  [[nodiscard]] Negatives negatives() const {
    return {static_cast<Index>(item.size()), item.data(), item.data(), log_count.data(), target_log_count.data()};
  }
};

TEST_CASE("sampled softmax with every item as a negative is full softmax", "[train]") {
  Random random(13);
  Head sampled(130, 37, 5, random);
  Head full = sampled;
  Sample sample;
  sample.item.resize(37);
  std::iota(sample.item.begin(), sample.item.end(), 0U);
  sample.log_count.assign(37, 0.0F);
  sample.target_log_count.assign(130, 0.0F);

  SampledScratch<double> sampled_scratch;
  SoftmaxScratch<double> full_scratch;
  const double loss = sampled_head(Loss::cross_entropy, sampled.view(), sampled.input_matrix(), sampled.targets(),
                                   sample.negatives(), sampled.gradient_view(), sampled.d_input, sampled_scratch);
  const double full_loss =
      softmax_head(full.view(), full.input_matrix(), full.targets(), full.gradient_view(), full.d_input, full_scratch);
  CHECK(loss == Approx(full_loss));
  CHECK((sampled.d_input - full.d_input).cwiseAbs().maxCoeff() < 1e-12);
  for (std::size_t i = 0; i < full.d_weights.size(); ++i)
    CHECK(sampled.d_weights[i] == Approx(full.d_weights[i]).margin(1e-12));
  for (std::size_t i = 0; i < full.d_bias.size(); ++i) CHECK(sampled.d_bias[i] == Approx(full.d_bias[i]).margin(1e-12));
}

TEST_CASE("sampled softmax's gradients are those of central differences", "[train]") {
  Random random(14);
  Head head(17, 23, 3, random);
  Sample sample;
  sample.item = test::random_items(9, 23, random);  // with repeats and with targets among them
  for (int i = 0; i < 9; ++i) sample.log_count.push_back(random.uniform());
  for (int i = 0; i < 17; ++i) sample.target_log_count.push_back(random.uniform());
  SampledScratch<double> scratch;
  const auto run = [&](Head& h) {
    return sampled_head(Loss::cross_entropy, h.view(), h.input_matrix(), h.targets(), sample.negatives(),
                        h.gradient_view(), h.d_input, scratch);
  };
  run(head);
  Head probe = head;
  const auto error = [&](std::vector<double>& values, const double* analytic) {
    return test::gradient_error(values.data(), analytic, values.size(), 200, [&] { return run(probe); });
  };
  CHECK(error(probe.weights, head.d_weights.data()) < 1e-7);
  CHECK(error(probe.bias, head.d_bias.data()) < 1e-7);
  CHECK(error(probe.input, head.d_input.data()) < 1e-7);
}

TEST_CASE("the log-Q correction makes the draw's distribution irrelevant", "[train]") {
  // With many draws from a skewed distribution, a candidate's repeats sum to its expected count, which the
  // correction divides out again. The target's own correction is left at 0, as a certain candidate's.
  Random random(15);
  Head head(40, 7, 3, random);
  const std::vector<double> probability{0.4, 0.25, 0.15, 0.1, 0.05, 0.03, 0.02};
  Sample sample;
  constexpr int draws = 200'000;
  for (int i = 0; i < draws; ++i) {
    double left = static_cast<double>(random.uniform());
    std::uint32_t item = 0;
    while (item < 6 && left >= probability[item]) left -= probability[item++];
    sample.item.push_back(item);
    sample.log_count.push_back(static_cast<float>(std::log(probability[item] * draws)));
  }
  sample.target_log_count.assign(40, 0.0F);
  SampledScratch<double> scratch;
  const double loss = sampled_head(Loss::cross_entropy, head.view(), head.input_matrix(), head.targets(),
                                   sample.negatives(), head.gradient_view(), head.d_input, scratch);
  CHECK(loss == Approx(head.plain_loss()).epsilon(0.01));
}

}  // namespace
}  // namespace sotto::train
