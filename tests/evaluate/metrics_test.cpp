#include <sotto/evaluate/metrics.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <limits>

using namespace sotto::evaluate;

TEST_CASE("ranks count ties and not-a-numbers against the model") {
  const std::array<double, 5> scores = {0.5, 0.9, 0.5, 0.1, 0.5};
  CHECK(pessimistic_rank(scores, 1) == 1);
  CHECK(pessimistic_rank(scores, 0) == 4);
  CHECK(pessimistic_rank(scores, 2) == 4);
  CHECK(pessimistic_rank(scores, 3) == 5);

  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::array<double, 3> with_nan = {1.0, nan, 2.0};
  CHECK(pessimistic_rank(with_nan, 2) == 2);
  CHECK(pessimistic_rank(with_nan, 0) == 3);
  CHECK(pessimistic_rank(with_nan, 1) == 3);

  const double lowest = -std::numeric_limits<double>::infinity();
  const std::array<double, 3> excluded = {lowest, 0.0, lowest};
  CHECK(pessimistic_rank(excluded, 1) == 1);
}

TEST_CASE("metrics of one relevant item by hand") {
  CHECK(hit_rate(10, 10) == 1);
  CHECK(hit_rate(11, 10) == 0);
  CHECK(ndcg(1, 10) == 1);
  CHECK(ndcg(3, 10) == Catch::Approx(0.5));                // 1 / log2(4)
  CHECK(ndcg(10, 10) == Catch::Approx(0.2890648263178879));  // 1 / log2(11)
  CHECK(ndcg(11, 10) == 0);
  CHECK(reciprocal_rank(4, 5) == 0.25);
  CHECK(reciprocal_rank(6, 5) == 0);
  CHECK(hit_rate(std::numeric_limits<std::uint32_t>::max(), 1'000'000) == 0);
}
