#include <sotto/evaluate/top_items.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

using namespace sotto;

TEST_CASE("the best items are those of a full sort, ties by lower index") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> scores(1 + random() % 40);
    for (double& score : scores) score = static_cast<double>(random() % 8);
    std::vector<ItemIndex> expected(scores.size());
    std::iota(expected.begin(), expected.end(), ItemIndex{0});
    std::ranges::sort(expected,
                      [&](ItemIndex a, ItemIndex b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
    const std::size_t k = random() % 45;
    expected.resize(std::min(k, expected.size()));
    std::vector<ItemIndex> best;
    evaluate::top_items(scores, k, best);
    CHECK(best == expected);
  }
}

TEST_CASE("excluded items and what is not a number are never shown") {
  const double lowest = -std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<ItemIndex> best = {7};
  evaluate::top_items(std::vector{lowest, -5.0, nan, 3.0}, 3, best);
  CHECK(best == std::vector<ItemIndex>{3, 1});
}
