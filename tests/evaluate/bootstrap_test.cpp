#include <sotto/base/random.hpp>
#include <sotto/evaluate/bootstrap.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace sotto;
using Catch::Approx;
using evaluate::Bootstrap;
using evaluate::Ratio;

namespace {

constexpr Ratio flips_per_target = {1, 0};
constexpr Ratio raised_per_target = {2, 0};
constexpr std::size_t columns = 3;

// Each user's row: one target, a coin flip, and the flip plus a constant.
std::vector<double> coin_flips(std::size_t users) {
  std::vector<double> sums;
  Random random(3);
  for (std::size_t user = 0; user < users; ++user) {
    const double flip = random.below(2);
    sums.insert(sums.end(), {1, flip, flip + 0.25});
  }
  return sums;
}

}  // namespace

TEST_CASE("the interval of a proportion is the one that the normal approximation gives") {
  const auto sums = coin_flips(2000);
  const Bootstrap bootstrap(sums, columns, {});
  CHECK(bootstrap.total(0) == 2000);
  const double p = bootstrap.mean(flips_per_target);
  const double half_width = 1.96 * std::sqrt(p * (1 - p) / 2000);
  CHECK(bootstrap.interval(flips_per_target).low == Approx(p - half_width).margin(0.1 * half_width));
  CHECK(bootstrap.interval(flips_per_target).high == Approx(p + half_width).margin(0.1 * half_width));
}

TEST_CASE("differences are paired: a constant difference has no width") {
  const auto sums = coin_flips(500);
  const Bootstrap bootstrap(sums, columns, {});
  const auto difference = bootstrap.difference(raised_per_target, flips_per_target);
  CHECK(difference.low == Approx(0.25));
  CHECK(difference.high == Approx(0.25));
}

TEST_CASE("users are resampled, not targets, and means are per target") {
  // One user has 99 hits on 99 targets, another missed the only one.
  const std::vector<double> sums = {99, 99, 1, 0};
  const Bootstrap bootstrap(sums, 2, {});
  CHECK(bootstrap.mean({1, 0}) == Approx(0.99));
  // A quarter of the resamples draws one user twice, and a quarter the other.
  CHECK(bootstrap.interval({1, 0}).low == 0);
  CHECK(bootstrap.interval({1, 0}).high == 1);
}

TEST_CASE("resamples without anything to count are left out, and nothing at all has no mean") {
  // The second column counts for one user in three, the third for none.
  const std::vector<double> sums = {1, 1, 0, 1, 0, 0, 1, 0, 0};
  const Bootstrap bootstrap(sums, 3, {});
  CHECK(bootstrap.interval({1, 1}).low == 1);
  CHECK(bootstrap.interval({1, 1}).high == 1);
  CHECK(std::isnan(bootstrap.mean({2, 2})));
  CHECK(std::isnan(bootstrap.interval({2, 2}).low));
}

TEST_CASE("the seed decides and the threads do not") {
  std::vector<double> sums;
  for (int user = 0; user < 300; ++user) sums.insert(sums.end(), {1, std::sqrt(user)});
  const auto low = [&](std::uint64_t seed, std::uint32_t threads) {
    return Bootstrap(sums, 2, {.resamples = 101, .seed = seed, .threads = threads}).interval({1, 0}).low;
  };
  CHECK(low(1, 1) == low(1, 3));
  CHECK(low(1, 1) != low(2, 1));
}
