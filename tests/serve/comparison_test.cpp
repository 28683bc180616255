#include <sotto/base/random.hpp>
#include <sotto/serve/comparison.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <vector>

using Catch::Approx;

namespace sotto::serve {
namespace {

// Choices of which `hits` are at rank 1, the others nowhere.
Choices choices_of(std::uint64_t hits, std::uint64_t count) {
  Choices choices;
  for (std::uint64_t i = 0; i < count; ++i) choices.add(i < hits ? std::optional<std::size_t>(1) : std::nullopt);
  return choices;
}

}  // namespace

TEST_CASE("Wilson's interval of a share") {
  const auto share = share_of(8, 10);
  REQUIRE(share);
  CHECK(share->value == 0.8);
  CHECK(share->low == Approx(0.490162));
  CHECK(share->high == Approx(0.943318));
  CHECK(share_of(0, 20)->low == 0);
  CHECK(share_of(0, 20)->high == Approx(0.161125));
  CHECK(share_of(20, 20)->high == 1);
  CHECK_FALSE(share_of(0, 0).has_value());
}

TEST_CASE("the interval of a mean") {
  Sum sum;
  for (const double value : {0.0, 1.0, 0.5, 0.5}) sum.add(value);
  const auto mean = mean_of(sum, 4);
  REQUIRE(mean);
  CHECK(mean->value == 0.5);
  // The variance is 1/6, the mean's is 1/24.
  CHECK(mean->high - mean->value == Approx(1.959964 * 0.204124));
  CHECK_FALSE(mean_of(sum, 1).has_value());
}

TEST_CASE("two versions in one period differ as two shares do") {
  const std::vector<Stratum> periods = {{choices_of(100, 1000), choices_of(150, 1000)}};
  const auto comparison = compare(periods);
  REQUIRE(comparison);
  CHECK(comparison->control_choices == 1000);
  CHECK(comparison->treatment_choices == 1000);
  CHECK(comparison->hit_rate.value == Approx(0.05));
  // sqrt(0.1 · 0.9 / 1000 + 0.15 · 0.85 / 1000) = 0.014748, but for terms of the order of 1 / n.
  CHECK(comparison->hit_rate.high - 0.05 == Approx(1.959964 * 0.014748).epsilon(0.01));
  CHECK(comparison->hit_rate.low > 0);
  CHECK(comparison->ndcg.value == Approx(0.05));
  CHECK(comparison->ndcg.low > 0);
}

TEST_CASE("a share that changes with the time of day makes no difference between equal versions") {
  // Both hit 10 % by day and 40 % by night. The candidate got most of its users by night.
  const std::vector<Stratum> periods = {{choices_of(90, 900), choices_of(10, 100)},
                                        {choices_of(40, 100), choices_of(360, 900)}};
  const auto comparison = compare(periods);
  REQUIRE(comparison);
  CHECK(comparison->hit_rate.value == Approx(0).margin(1e-9));
  CHECK(comparison->hit_rate.low < 0);
  CHECK(comparison->hit_rate.high > 0);
  CHECK(comparison->ndcg.value == Approx(0).margin(1e-9));
}

TEST_CASE("versions are compared in the periods that both have") {
  const std::vector<Stratum> periods = {
      {choices_of(20, 200), choices_of(20, 200)}, {choices_of(900, 1000), Choices()}, {Choices(), choices_of(0, 1000)}};
  const auto comparison = compare(periods);
  REQUIRE(comparison);
  CHECK(comparison->control_choices == 200);
  CHECK(comparison->treatment_choices == 200);
  CHECK(comparison->hit_rate.value == Approx(0).margin(1e-9));
}

TEST_CASE("too few choices are not compared") {
  CHECK_FALSE(compare(std::vector<Stratum>()).has_value());
  CHECK_FALSE(compare(std::vector<Stratum>{{choices_of(10, 1000), choices_of(10, 99)}}).has_value());
  CHECK_FALSE(compare(std::vector<Stratum>{{choices_of(0, 1000), choices_of(0, 1000)}}).has_value());
  PairedChoices pairs;
  for (int i = 0; i < 99; ++i) pairs.add(1, std::nullopt);
  CHECK_FALSE(compare(pairs).has_value());
  pairs.add(1, std::nullopt);
  CHECK(compare(pairs).has_value());
}

TEST_CASE("intervals of equal versions hold zero in about 95 of 100 cases") {
  Random random(5);
  int misses = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<Stratum> periods(8);
    PairedChoices pairs;
    for (Stratum& period : periods) {
      const auto rank = [&]() -> std::optional<std::size_t> {
        if (random.below(4) != 0) return std::nullopt;
        return 1 + random.below(10);
      };
      for (int i = 0; i < 60; ++i) period.control.add(rank());
      for (int i = 0; i < 20; ++i) period.treatment.add(rank());
      for (int i = 0; i < 20; ++i) pairs.add(rank(), rank());
    }
    const auto comparison = compare(periods);
    const auto paired = compare(pairs);
    REQUIRE(comparison);
    REQUIRE(paired);
    for (const Estimate& estimate : {comparison->hit_rate, comparison->ndcg, paired->hit_rate, paired->ndcg}) {
      misses += estimate.low > 0 || estimate.high < 0 ? 1 : 0;
    }
  }
  CHECK(misses > 120);
  CHECK(misses < 280);
}

TEST_CASE("a shadow that finds more is better by its own hits") {
  PairedChoices pairs;
  for (int i = 0; i < 400; ++i) pairs.add(1, 1);
  for (int i = 0; i < 60; ++i) pairs.add(std::nullopt, 2);
  for (int i = 0; i < 20; ++i) pairs.add(2, std::nullopt);
  const auto comparison = compare(pairs);
  REQUIRE(comparison);
  CHECK(comparison->hit_rate.value == Approx(40.0 / 480));
  CHECK(comparison->hit_rate.low > 0);
  CHECK(comparison->ndcg.low > 0);
}

}  // namespace sotto::serve
