#include <sotto/measure/spread.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace sotto::measure;

TEST_CASE("quantiles lie between samples in proportion") {
  const Spread spread = spread_of({50, 10, 30, 20, 40});
  CHECK(spread.median == 30);
  CHECK(spread.p10 == 14);
  CHECK(spread.p90 == 46);
  CHECK(spread_of({1, 2}).median == 1.5);
  CHECK(spread_of({7}).p90 == 7);
}

TEST_CASE("a ratio is taken within each round") {
  // The second round was disturbed: both took ten times as long.
  const std::vector<double> a = {2, 20, 2};
  const std::vector<double> b = {4, 40, 4};
  CHECK(median_ratio(a, b) == 0.5);
}
