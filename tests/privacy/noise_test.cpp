// The samplers against their distributions, against published draws, and against entropy that fails.
#include "test_entropy.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/privacy/noise.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

using namespace sotto;
using namespace sotto::privacy;
using namespace sotto::test;

namespace {

std::vector<std::int64_t> draws_of(const Noise& noise, std::size_t count, std::uint64_t seed) {
  std::vector<std::int64_t> values(count);
  SeededEntropy entropy(seed);
  REQUIRE(add_noise(values, noise, entropy).ok());
  return values;
}

double value_of(Ratio ratio) { return static_cast<double>(ratio.numerator) / ratio.denominator; }

// log of what P(x) is proportional to.
double log_weight(const Noise& noise, std::int64_t x) {
  const double distance = std::fabs(static_cast<double>(x));
  if (noise.mechanism == Mechanism::laplace) {
    const LaplaceScale scale = laplace_scale(noise.deviation);
    return -distance * static_cast<double>(scale.denominator) / static_cast<double>(scale.numerator);
  }
  const double z = value_of(noise.deviation);
  return -distance * distance / (2 * z * z);
}

struct ChiSquare {
  double statistic = 0;
  double degrees = 0;  // of freedom
  // The statistic's distance from its mean in deviations. The seeds are fixed: 4 is exceeded by a wrong sampler.
  [[nodiscard]] double excess() const { return (statistic - degrees) / std::sqrt(2 * degrees); }
};

// Compares draws with the exact probabilities. Values that are expected less than 10 times are one class for each side.
ChiSquare chi_square(const std::vector<std::int64_t>& draws, const Noise& expected) {
  const auto reach = static_cast<std::int64_t>(40 * value_of(expected.deviation)) + 40;
  double total = 0;
  for (std::int64_t x = -reach; x <= reach; ++x) total += std::exp(log_weight(expected, x));
  std::map<std::int64_t, double> counts;
  for (const std::int64_t draw : draws) counts[draw] += 1;

  ChiSquare result;
  const auto count = static_cast<double>(draws.size());
  double classes = 0;
  const auto add_class = [&](double probability, double observed) {
    const double mean = probability * count;
    if (mean > 0) result.statistic += (observed - mean) * (observed - mean) / mean;
    classes += 1;
  };
  std::array<double, 2> rare_probability{};
  std::array<double, 2> rare_count{};
  double seen = 0;
  for (std::int64_t x = -reach; x <= reach; ++x) {
    const double probability = std::exp(log_weight(expected, x)) / total;
    const auto found = counts.find(x);
    const double observed = found == counts.end() ? 0 : found->second;
    seen += observed;
    if (probability * count >= 10) {
      add_class(probability, observed);
    } else {
      const std::size_t side = x < 0 ? 0 : 1;
      rare_probability[side] += probability;
      rare_count[side] += observed;
    }
  }
  for (std::size_t side = 0; side < 2; ++side) {
    if (rare_probability[side] * count >= 1) add_class(rare_probability[side], rare_count[side]);
  }
  CHECK(seen == count);
  result.degrees = classes - 1;
  return result;
}

}  // namespace

TEST_CASE("draws of discrete Gaussians equal the published ones") {
  // From the test vectors of divviup/libprio-rs, which were made with the paper's own implementation in Python: the
  // deviation, the first 12 of 49 draws, and XXH64 of all as little-endian int64. The sixth vector's deviation has 74
  // bits.
  struct Vector {
    Ratio deviation;
    std::array<std::int64_t, 12> first;
    std::uint64_t hash_of_49;
  };
  const Vector vector =
      GENERATE(Vector{{3, 1}, {2, -1, -1, 1, 2, -6, 1, 1, 0, -4, -2, 2}, 0x4240c6405b27b0a3U},
               Vector{{9, 1}, {-16, 4, -2, 14, -14, -17, 6, -13, -7, 2, 11, -13}, 0x02c0511c2719da60U},
               Vector{{100, 1}, {-61, 0, -55, 5, -152, 10, -134, -160, -82, 132, -65, 101}, 0xd9a9ca04c42d560fU},
               Vector{{41293847, 1},
                      {-29211877, 13885941, -26354644, -48418559, -8391923, 54237942, -25148220, 1675993, 44966387,
                       -110046432, 20148169, 327811},
                      0xa4f3bf500c07537eU},
               Vector{{1171, 500}, {-1, -1, -2, -2, 0, -3, 0, -2, -4, 0, 0, 1}, 0x26bba04c90c2018aU},
               // The same in other terms.
               Vector{{2342, 1000}, {-1, -1, -2, -2, 0, -3, 0, -2, -4, 0, 0, 1}, 0x26bba04c90c2018aU});
  CAPTURE(vector.deviation.numerator, vector.deviation.denominator);
  std::vector<std::int64_t> draws(49);
  VectorEntropy entropy;
  REQUIRE(add_noise(draws, {Mechanism::gaussian, vector.deviation}, entropy).ok());
  CHECK(std::vector(draws.begin(), draws.begin() + 12) == std::vector(vector.first.begin(), vector.first.end()));
  CHECK(xxh64(std::as_bytes(std::span(draws))) == vector.hash_of_49);
}

TEST_CASE("noise has the distribution that it promises, by chi-square") {
  const Noise noise = GENERATE(Noise{Mechanism::gaussian, {8, 1}}, Noise{Mechanism::gaussian, {4, 1}},
                               Noise{Mechanism::gaussian, {1, 2}}, Noise{Mechanism::gaussian, {1171, 500}},
                               Noise{Mechanism::gaussian, {22627417, 2000000}}, Noise{Mechanism::laplace, {8, 1}},
                               Noise{Mechanism::laplace, {4, 1}}, Noise{Mechanism::laplace, {1, 2}},
                               Noise{Mechanism::laplace, {1171, 500}});
  CAPTURE(noise.mechanism, noise.deviation.numerator, noise.deviation.denominator);
  const ChiSquare fit = chi_square(draws_of(noise, 60'000, 20), noise);
  CAPTURE(fit.statistic, fit.degrees);
  CHECK(fit.degrees >= 2);
  CHECK(std::fabs(fit.excess()) < 4);
}

TEST_CASE("chi-square tells a wrong deviation, the other mechanism, a rounded draw and missing noise apart") {
  const Noise noise{Mechanism::gaussian, {8, 1}};
  const std::vector<std::int64_t> draws = draws_of(noise, 60'000, 21);
  CHECK(chi_square(draws, noise).excess() < 4);
  CHECK(chi_square(draws, {Mechanism::gaussian, {83, 10}}).excess() > 10);
  CHECK(chi_square(draws, {Mechanism::laplace, {8, 1}}).excess() > 10);
  CHECK(chi_square(std::vector<std::int64_t>(60'000), noise).excess() > 10);
  // Zero counted twice, as without the rejection of negative zero.
  std::vector<std::int64_t> biased = draws;
  for (std::size_t i = 0; i < biased.size(); i += 20) biased[i] = 0;
  CHECK(chi_square(biased, noise).excess() > 10);
}

TEST_CASE("noise is centered and has its deviation, from tiny to the largest ratio") {
  const Ratio deviation = GENERATE(Ratio{8, 1}, Ratio{1, 1}, Ratio{1'000'003, 1009}, Ratio{0xFFFFFFFFU, 1},
                                   Ratio{0xFFFFFFFFU, 0xFFFFFFFEU}, Ratio{0xFFFFFFFFU, 65537});
  const Mechanism mechanism = GENERATE(Mechanism::gaussian, Mechanism::laplace);
  CAPTURE(mechanism, deviation.numerator, deviation.denominator);
  const std::vector<std::int64_t> draws = draws_of({mechanism, deviation}, 4'000, 22);
  double expected = value_of(deviation);
  if (mechanism == Mechanism::laplace) {
    const LaplaceScale scale = laplace_scale(deviation);
    const double rate = static_cast<double>(scale.denominator) / static_cast<double>(scale.numerator);
    expected = 1 / (std::sqrt(2) * std::sinh(rate / 2));
  }
  double sum = 0;
  double squares = 0;
  int negative = 0;
  int positive = 0;
  for (const std::int64_t draw : draws) {
    const double relative = static_cast<double>(draw) / expected;
    sum += relative;
    squares += relative * relative;
    negative += draw < 0 ? 1 : 0;
    positive += draw > 0 ? 1 : 0;
  }
  const auto count = static_cast<double>(draws.size());
  CHECK(std::fabs(sum) < 4 * std::sqrt(count));
  CHECK(std::fabs(negative - positive) < 4 * std::sqrt(count));
  // The fourth moment is at most 6 squares of the variance.
  CHECK(std::fabs(squares / count - 1) < 4 * std::sqrt(5 / count));
}

TEST_CASE("noise of a deviation near zero is zero, because 1 is that far away") {
  for (const Mechanism mechanism : {Mechanism::gaussian, Mechanism::laplace}) {
    for (const std::int64_t draw : draws_of({mechanism, {1, 0xFFFFFFFFU}}, 1'000, 23)) CHECK(draw == 0);
  }
}

TEST_CASE("noise is added to what is there, and each value gets its own") {
  std::vector<std::int64_t> values(4'096);
  std::iota(values.begin(), values.end(), -1'000'000);
  const std::vector<std::int64_t> plain = values;
  SeededEntropy entropy(24);
  REQUIRE(add_noise(values, {Mechanism::gaussian, {8, 1}}, entropy).ok());
  std::vector<std::int64_t> noise(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) noise[i] = values[i] - plain[i];
  CHECK(noise == draws_of({Mechanism::gaussian, {8, 1}}, 4'096, 24));
  // Independent of the neighbor: the correlation of 4,095 pairs is below 4 / √4095.
  double product = 0;
  for (std::size_t i = 1; i < noise.size(); ++i) product += static_cast<double>(noise[i] * noise[i - 1]);
  CHECK(std::fabs(product / 4'095 / 64) < 4 / std::sqrt(4'095.0));
}

TEST_CASE("an entropy that fails is told, and no value has changed") {
  const unsigned fills = GENERATE(0U, 1U, 5U);
  std::vector<std::int64_t> values(4'096, 7);
  FailingEntropy entropy(fills);
  const Status added = add_noise(values, {Mechanism::gaussian, {8, 1}}, entropy);
  REQUIRE_FALSE(added.ok());
  CHECK(added.error().code == ErrorCode::io);
  CHECK(added.error().detail == "the test's entropy has failed");
  CHECK(values == std::vector<std::int64_t>(4'096, 7));
}

TEST_CASE("bytes that are not random end in an error, not in an endless loop") {
  const Mechanism mechanism = GENERATE(Mechanism::gaussian, Mechanism::laplace);
  const int byte = GENERATE(0, 0x01, 0x7F, 0x80, 0xFF);
  const Ratio deviation = GENERATE(Ratio{8, 1}, Ratio{1, 0xFFFFFFFFU}, Ratio{0xFFFFFFFFU, 0xFFFFFFFEU});
  CAPTURE(mechanism, byte, deviation.numerator, deviation.denominator);
  std::vector<std::int64_t> values(10, 7);
  ConstantEntropy entropy{static_cast<std::byte>(byte)};
  const Status added = add_noise(values, {mechanism, deviation}, entropy);
  if (!added.ok()) {
    CHECK(added.error().code == ErrorCode::io);
    CHECK(values == std::vector<std::int64_t>(10, 7));
  }
  // All zero bits let every trial succeed.
  if (byte == 0) CHECK_FALSE(added.ok());
}

TEST_CASE("a deviation of zero and values near the end of int64 are refused") {
  std::vector<std::int64_t> values = {0};
  SeededEntropy entropy(1);
  for (const Ratio deviation : {Ratio{0, 1}, Ratio{8, 0}, Ratio{0, 0}}) {
    const Status added = add_noise(values, {Mechanism::laplace, deviation}, entropy);
    REQUIRE_FALSE(added.ok());
    CHECK(added.error().code == ErrorCode::invalid_argument);
  }
  for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                                   (std::int64_t{1} << 62) + 1}) {
    values = {5, value};
    const Status added = add_noise(values, {Mechanism::gaussian, {8, 1}}, entropy);
    REQUIRE_FALSE(added.ok());
    CHECK(added.error().code == ErrorCode::out_of_range);
    CHECK(values == std::vector<std::int64_t>{5, value});
  }
}

TEST_CASE("the scale of Laplace noise is never below z / √2, so that its epsilon is not above the stated one") {
  const LaplaceScale scale = laplace_scale({8, 1});
  CHECK(scale.numerator == 7880);
  CHECK(scale.denominator == 1393);
  const double excess = 7880.0 / 1393.0 / (8 / std::sqrt(2.0)) - 1;
  CHECK(excess > 0);
  CHECK(excess < 3e-7);
}
