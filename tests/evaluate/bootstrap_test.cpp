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

namespace {

// Two columns of coin flips, the second the first plus a constant.
struct Flips {
  std::vector<double> sums;
  std::vector<std::uint32_t> targets;

  explicit Flips(std::size_t users) : targets(users, 1) {
    Random random(3);
    for (std::size_t user = 0; user < users; ++user) {
      const double flip = random.below(2);
      sums.insert(sums.end(), {flip, flip + 0.25});
    }
  }
};

}  // namespace

TEST_CASE("the interval of a proportion is the one that the normal approximation gives") {
  const Flips flips(2000);
  const Bootstrap bootstrap(flips.sums, flips.targets, 2, {});
  const double p = bootstrap.mean(0);
  const double half_width = 1.96 * std::sqrt(p * (1 - p) / 2000);
  CHECK(bootstrap.interval(0).low == Approx(p - half_width).margin(0.1 * half_width));
  CHECK(bootstrap.interval(0).high == Approx(p + half_width).margin(0.1 * half_width));
}

TEST_CASE("differences are paired: a constant difference has no width") {
  const Flips flips(500);
  const Bootstrap bootstrap(flips.sums, flips.targets, 2, {});
  CHECK(bootstrap.difference(1, 0).low == Approx(0.25));
  CHECK(bootstrap.difference(1, 0).high == Approx(0.25));
}

TEST_CASE("users are resampled, not targets, and means are per target") {
  // One user has 99 hits on 99 targets, another missed the only one.
  const std::vector<double> sums = {99, 0};
  const std::vector<std::uint32_t> targets = {99, 1};
  const Bootstrap bootstrap(sums, targets, 1, {});
  CHECK(bootstrap.mean(0) == Approx(0.99));
  // A quarter of the resamples draws the same user twice, so that single targets' narrow interval would be wrong.
  CHECK(bootstrap.interval(0).low == 0);
  CHECK(bootstrap.interval(0).high == 1);
}

TEST_CASE("the seed decides and the threads do not") {
  std::vector<double> sums;
  for (int user = 0; user < 300; ++user) sums.push_back(std::sqrt(user));
  const std::vector<std::uint32_t> targets(sums.size(), 1);
  const auto low = [&](std::uint64_t seed, std::uint32_t threads) {
    return Bootstrap(sums, targets, 1, {.resamples = 101, .seed = seed, .threads = threads}).interval(0).low;
  };
  CHECK(low(1, 1) == low(1, 3));
  CHECK(low(1, 1) != low(2, 1));
}
