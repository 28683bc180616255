#include <sotto/evaluate/popularity.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <vector>

using namespace sotto::evaluate;
using Catch::Approx;

TEST_CASE("percentiles count fewer items whole and equal ones half") {
  const auto percentiles = popularity_percentiles(std::vector<std::uint64_t>{5, 1, 1, 0});
  CHECK(percentiles[0] == Approx(3.5 / 4));
  CHECK(percentiles[1] == Approx(2.0 / 4));
  CHECK(percentiles[2] == percentiles[1]);
  CHECK(percentiles[3] == Approx(0.5 / 4));
}

TEST_CASE("head, mid and tail make up shares of the events, not of the items") {
  using enum PopularityClass;
  // 20 events: 3 and 3 reach 30 %, so that the second item begins below 20 % and still is head.
  const std::vector<std::uint64_t> counts = {1, 3, 0, 3, 2, 2, 2, 2, 2, 2, 1};
  CHECK(popularity_classes(counts) ==
        std::vector<PopularityClass>{tail, head, unseen, head, mid, mid, tail, tail, tail, tail, tail});
  CHECK(popularity_classes(std::vector<std::uint64_t>{0, 0}) == std::vector<PopularityClass>{unseen, unseen});
}
