// The accountant against the rows that other programs and papers give.
#include <sotto/privacy/accountant.hpp>
#include <sotto/privacy/gaussian_privacy.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

using namespace sotto::privacy;

namespace {

bool near(double value, double expected, double tolerance) { return std::fabs(value - expected) <= tolerance; }

}  // namespace

TEST_CASE("sampled Gaussian noise costs what dp-accounting 0.6.0 says") {
  struct Row {
    double noise;
    double rate;
    double steps;
    double delta;
    double epsilon;
  };
  const Row row =
      GENERATE(Row{1.3, 150.0 / 60'000, 6'000, 1e-5, 0.7242234026}, Row{1.0, 0.001, 30'000, 1e-7, 1.4154988495},
               Row{1.1, 256.0 / 60'000, 14'062, 1e-5, 2.5965558698}, Row{1.5, 0.04, 2'250, 1e-5, 7.3293347024},
               Row{1, 1, 1, 1e-5, 4.7285070672});
  RenyiAccountant accountant;
  accountant.add_sampled_gaussian(row.noise, row.rate, row.steps);
  CAPTURE(row.noise, row.rate, accountant.epsilon(row.delta));
  CHECK(near(accountant.epsilon(row.delta), row.epsilon, 1e-9));
  CHECK(accountant.epsilon_by_old_conversion(row.delta) > row.epsilon);
}

TEST_CASE("the older conversion gives the older figure") {
  RenyiAccountant accountant;
  accountant.add_sampled_gaussian(1.1, 256.0 / 60'000, 14'062);
  CHECK(near(accountant.epsilon_by_old_conversion(1e-5), 3.01, 0.005));
}

TEST_CASE("parts of a plan add up, and nothing costs nothing") {
  RenyiAccountant parts;
  CHECK(parts.epsilon(1e-6) == 0);
  parts.add_gaussian(8, 4);
  parts.add_sampled_gaussian(8, 1, 8);
  CHECK(near(parts.epsilon(1e-6), gaussian_epsilon_by_renyi(8, 12, 1e-6), 1e-12));
  parts.add_sampled_gaussian(8, 0, 1'000);
  CHECK(near(parts.epsilon(1e-6), gaussian_epsilon_by_renyi(8, 12, 1e-6), 1e-12));
}

TEST_CASE("the table of k reports in 28 days, by Rényi divergence and exactly") {
  // By dp-accounting 0.6.0, and by arithmetic of 50 digits.
  struct Row {
    double noise;
    std::uint32_t reports;
    double renyi;
    double exact;
  };
  const Row row = GENERATE(Row{4, 1, 1.1431687205814, 1.060701862328}, Row{4, 4, 2.4191024886939, 2.25408465022},
                           Row{4, 12, 4.4407756824464, 4.151816727765}, Row{4, 24, 6.5783746100681, 6.164889087445},
                           Row{4, 52, 10.3269431687459, 9.706917444855}, Row{8, 1, 0.5451244326263, 0.5038556150008},
                           Row{8, 4, 1.1431687205814, 1.060701862328}, Row{8, 12, 2.0680435237537, 1.925353932487},
                           Row{8, 24, 3.0216449360547, 2.81894226836}, Row{8, 52, 4.6447699572044, 4.343732351879});
  CAPTURE(row.noise, row.reports);
  CHECK(near(gaussian_epsilon_by_renyi(row.noise, row.reports, 1e-6), row.renyi, 1e-10));
  CHECK(near(gaussian_epsilon_exact(row.noise, row.reports, 1e-6), row.exact, 1e-10));
}

TEST_CASE("discrete Gaussian noise costs what the sum over all its outcomes gives, near the continuous figure") {
  // By convolution of the releases' distributions, in Python.
  const auto noise = GENERATE(2.0, 4.0, 8.0);
  const std::array<double, 5> expected =
      noise == 2   ? std::array{2.275793151, 4.900585533, 9.24056186, 14.095174825, 22.993429495}
      : noise == 4 ? std::array{1.063436358, 2.251163681, 4.152744026, 6.165508264, 9.707226138}
                   : std::array{0.503996702, 1.060586264, 1.925355809, 2.81901829, 4.343615854};
  constexpr std::array<double, 5> releases = {1, 4, 12, 24, 52};
  for (std::size_t i = 0; i < releases.size(); ++i) {
    CAPTURE(noise, releases[i]);
    const double epsilon = discrete_gaussian_epsilon(noise, releases[i], 1e-6);
    CHECK(near(epsilon, expected[i], 1e-8));
    CHECK(epsilon < gaussian_epsilon_by_renyi(noise, releases[i], 1e-6));
    CHECK(near(epsilon / gaussian_epsilon_exact(noise, releases[i], 1e-6), 1,
               noise >= 8   ? 0.0003
               : noise >= 4 ? 0.003
                            : 0.02));
  }
  // Where the figure becomes that of continuous noise.
  CHECK(near(discrete_gaussian_epsilon(4'999, 16, 1e-6) / gaussian_epsilon_exact(4'999, 16, 1e-6), 1, 1e-6));
}

TEST_CASE("a single Gaussian release of noise 1 costs 4.377178 exactly") {
  CHECK(near(gaussian_epsilon_exact(1, 1, 1e-5), 4.377178095681, 1e-10));
}

TEST_CASE("Mills' ratio has its digits on both sides of the change of method") {
  // By arithmetic of 50 digits.
  CHECK(near(mills_ratio(0), 1.25331413731550025, 1e-15));
  CHECK(near(mills_ratio(0.5), 0.876364456453692347, 1e-15));
  CHECK(near(mills_ratio(2.9999), 0.304598921850010992, 1e-14));
  CHECK(near(mills_ratio(3), 0.304590298710103296, 1e-14));
  CHECK(near(mills_ratio(5), 0.192808104715315765, 1e-14));
  CHECK(near(mills_ratio(-1) * std::exp(-0.5), 2.50662827463100050 * 0.841344746068542949, 1e-14));
}

TEST_CASE("exact Gaussian privacy is consistent at its ends") {
  CHECK(gaussian_epsilon(0, 1e-6) == 0);
  CHECK(gaussian_delta(0, 1) == 0);
  CHECK(gaussian_epsilon(1e-9, 1e-6) == 0);
  // Very little noise: no overflow, and the leading term mu² / 2.
  CHECK(near(gaussian_epsilon(1'000, 1e-6) / 500'000, 1, 0.01));
  for (const double epsilon : {0.0, 0.01, 1.0, 30.0}) {
    for (const double delta : {1e-12, 1e-6, 0.1}) {
      CAPTURE(epsilon, delta);
      const double mu = gaussian_mu(epsilon, delta);
      CHECK(near(gaussian_delta(mu, epsilon), delta, 1e-15 + delta * 1e-9));
      if (epsilon > 0) CHECK(near(gaussian_epsilon(mu, delta) / epsilon, 1, 1e-6));
    }
  }
}

TEST_CASE("a wish for epsilon gives the noise that grants it, and no more") {
  const double reports = GENERATE(1.0, 4.0, 52.0);
  const double epsilon = GENERATE(0.1, 1.0, 8.0);
  CAPTURE(reports, epsilon);
  const double renyi = gaussian_noise_by_renyi(epsilon, reports, 1e-6);
  CHECK(gaussian_epsilon_by_renyi(renyi, reports, 1e-6) <= epsilon);
  CHECK(near(gaussian_epsilon_by_renyi(renyi, reports, 1e-6), epsilon, 1e-9));
  const double exact = gaussian_noise_exact(epsilon, reports, 1e-6);
  CHECK(near(gaussian_epsilon_exact(exact, reports, 1e-6), epsilon, 1e-9));
  CHECK(exact < renyi);
  const auto whole_reports = static_cast<std::uint32_t>(reports);
  const double scale = laplace_scale_for(epsilon, whole_reports, 1e-6);
  CHECK(near(laplace_epsilon(scale, whole_reports, 1e-6), epsilon, 1e-9));
}

TEST_CASE("discrete Laplace noise costs exactly what its two-valued loss adds up to") {
  // The deviation 4 by the exact sum, in Python. Published tables of continuous Laplace noise are lower for many
  // releases (4.239, 7.653 and 12.969 for 12, 24 and 52): between two whole numbers, continuous noise tells less than
  // all.
  const double scale = 4 / std::sqrt(2.0);
  for (const auto& [reports, epsilon] :
       {std::pair{1U, 0.354}, {4U, 1.414}, {12U, 4.242}, {24U, 8.054}, {52U, 13.815}}) {
    CAPTURE(reports);
    CHECK(near(laplace_epsilon(scale, reports, 1e-6), epsilon, 5e-4));
    CHECK(laplace_epsilon(scale, reports, 1e-6) < reports / scale);
  }
  // One release by hand: delta = p · (1 - e^(epsilon - rate)) with p = e^rate / (1 + e^rate).
  const double rate = 0.5;
  const double p = std::exp(rate) / (1 + std::exp(rate));
  CHECK(near(laplace_delta(2, 1, 0.3), p * (1 - std::exp(-0.2)), 1e-15));
  CHECK(laplace_delta(2, 1, 0.5) == 0);
  // Two releases: losses 1, 0 and -1.
  CHECK(near(laplace_delta(2, 2, 0.3), p * p * (1 - std::exp(-0.7)), 1e-15));
}

TEST_CASE("the probabilities of discrete Laplace noise give the loss that the accountant uses") {
  // By definition, from the distribution itself: a count of 0 or 1 under noise of scale 2.
  const auto weight = [](int x) { return std::exp(-std::abs(x) / 2.0); };
  double total = 0;
  for (int x = -200; x <= 200; ++x) total += weight(x);
  double delta = 0;
  for (int x = -199; x <= 200; ++x) {
    const double excess = weight(x) - std::exp(0.3) * weight(x - 1);
    if (excess > 0) delta += excess / total;
  }
  CHECK(near(laplace_delta(2, 1, 0.3), delta, 1e-12));
}
