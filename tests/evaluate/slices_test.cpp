#include <sotto/evaluate/slices.hpp>

#include "toy_log.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

using namespace sotto;
using Catch::Approx;
using data::Split;
using data::SplitKind;
using sotto::test::toy_log;

namespace {

const evaluate::Slice& find(const std::vector<evaluate::Slice>& slices, std::string_view name) {
  const auto found = std::ranges::find(slices, name, &evaluate::Slice::name);
  REQUIRE(found != slices.end());
  return *found;
}

}  // namespace

TEST_CASE("targets fall into one slice of each dimension") {
  // Test targets: c after 2 events, a after 5 (a repeat), x after 6 (never in training).
  const auto log = toy_log({"abc", "abaaca", "ababaax"});
  const Split split(log, SplitKind::leave_last_out);
  const auto targets = data::test_targets(split);
  REQUIRE(targets.size() == 3);
  evaluate::Rankings rankings;
  rankings.arms = 2;
  rankings.ranks = {1, 3, 10, 11, evaluate::missed, 1};
  const auto slices = evaluate::slice_targets(split, targets, rankings);

  for (const std::string_view dimension : {"history", "popularity", "repeat"}) {
    std::uint64_t sum = 0;
    for (const auto& slice : slices) sum += slice.dimension == dimension ? slice.targets : 0;
    CHECK(sum == targets.size());
  }
  CHECK(find(slices, "1–2").hr == std::vector<double>{1, 1});
  CHECK(find(slices, "1–2").ndcg[1] == Approx(0.5));
  CHECK(find(slices, "3–5").hr == std::vector<double>{1, 0});
  CHECK(find(slices, "3–5").ndcg[0] == Approx(1 / std::log2(11.0)));
  CHECK(find(slices, "6–10").hr == std::vector<double>{0, 1});
  CHECK(find(slices, "51+").targets == 0);
  CHECK(std::isnan(find(slices, "51+").hr[0]));
  // Training: a, abaa, ababa: a 7, b 3, c and x none.
  CHECK(find(slices, "head").targets == 1);
  CHECK(find(slices, "never in training").targets == 2);
  CHECK(find(slices, "repeat item").targets == 1);
  CHECK(find(slices, "repeat item").hr == std::vector<double>{1, 0});
  CHECK(find(slices, "new item").hr == std::vector<double>{0.5, 1});
}
