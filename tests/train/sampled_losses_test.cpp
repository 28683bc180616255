#include <sotto/base/random.hpp>
#include <sotto/train/bpr_max.hpp>
#include <sotto/train/sampled_head.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace sotto::train {
namespace {

using Catch::Approx;

double loss_of(Loss kind, std::vector<double> negatives, double target) {
  return sampled_row(kind, RowMap<double>(negatives.data(), index(negatives.size())), target).loss;
}

TEST_CASE("the losses' gradients are those of central differences", "[train]") {
  const Loss kind = GENERATE(Loss::cross_entropy, Loss::bpr_max);
  Random random(5);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> negatives;
    for (int n = 0; n < 7; ++n) negatives.push_back(4.0 * static_cast<double>(random.uniform()) - 2.0);
    negatives[3] = std::numeric_limits<double>::lowest();  // the target itself was drawn: it is no negative
    const double target = 4.0 * static_cast<double>(random.uniform()) - 2.0;

    std::vector<double> gradient = negatives;
    const auto row = sampled_row(kind, RowMap<double>(gradient.data(), index(gradient.size())), target);
    const double step = 1e-6;
    CHECK(row.d_target ==
          Approx((loss_of(kind, negatives, target + step) - loss_of(kind, negatives, target - step)) / (2 * step))
              .margin(1e-7));
    for (std::size_t n = 0; n < negatives.size(); ++n) {
      if (n == 3) {
        CHECK(std::abs(gradient[n]) < 1e-30);
        continue;
      }
      auto up = negatives;
      auto down = negatives;
      up[n] += step;
      down[n] -= step;
      CHECK(gradient[n] == Approx((loss_of(kind, up, target) - loss_of(kind, down, target)) / (2 * step)).margin(1e-7));
    }
  }
}

TEST_CASE("BPR-max is the paper's", "[train]") {
  const double a = 0.5;
  const double b = -1.0;
  const double r = 0.25;
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double share_a = std::exp(a) / (std::exp(a) + std::exp(b));
  CHECK(loss_of(Loss::bpr_max, {a, b}, r) ==
        Approx(-std::log(share_a * sigmoid(r - a) + (1 - share_a) * sigmoid(r - b)) +
               bpr_max_penalty * (share_a * a * a + (1 - share_a) * b * b)));
  // Certain of what is wrong: finite.
  CHECK(std::isfinite(loss_of(Loss::bpr_max, {60.0, 60.0}, -60.0)));
}

}  // namespace
}  // namespace sotto::train
