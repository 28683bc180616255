#include <sotto/base/random.hpp>
#include <sotto/runtime/top_k.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

using sotto::ScoredItem;

std::vector<ScoredItem> sorted_and_filtered(const std::vector<std::int32_t>& scores,
                                            const std::vector<std::uint8_t>& excluded,
                                            const std::vector<std::uint8_t>& allowed) {
  std::vector<ScoredItem> all;
  for (std::uint32_t i = 0; i < scores.size(); ++i) {
    if (excluded[i] == 0 && (allowed.empty() || allowed[i] != 0)) all.push_back({i, scores[i]});
  }
  std::ranges::sort(all, sotto::ranks_before);
  return all;
}

}  // namespace

TEST_CASE("equal scores rank by lower index", "[runtime][top_k]") {
  const std::vector<std::int32_t> scores{5, 9, 5, 9, 5, 1};
  const std::vector<std::uint8_t> none(scores.size());
  std::vector<ScoredItem> best(4);
  REQUIRE(sotto::top_k(sotto::best_kernels(), scores, none, {}, best) == 4);
  CHECK(best[0].item == 1);
  CHECK(best[1].item == 3);
  CHECK(best[2].item == 0);
  CHECK(best[3].item == 2);
}

TEST_CASE("the best are those of a full sort of what the masks let through", "[runtime][top_k]") {
  sotto::Random random(31);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t items = 1 + random.below(120);
    std::vector<std::int32_t> scores(items);
    std::vector<std::uint8_t> excluded(items);
    std::vector<std::uint8_t> allowed(round % 3 == 0 ? 0 : items);
    for (auto& score : scores) score = static_cast<std::int32_t>(random.below(20)) - 10;  // many ties
    for (auto& byte : excluded) byte = random.below(4) == 0 ? 1 : 0;
    for (auto& byte : allowed) byte = static_cast<std::uint8_t>(random.below(3));
    const auto expected = sorted_and_filtered(scores, excluded, allowed);
    std::vector<ScoredItem> best(random.below(items + 3));
    const std::size_t found = sotto::top_k(sotto::best_kernels(), scores, excluded, allowed, best);
    REQUIRE(found == std::min(best.size(), expected.size()));
    for (std::size_t rank = 0; rank < found; ++rank) {
      REQUIRE(best[rank].item == expected[rank].item);
      REQUIRE(best[rank].score == expected[rank].score);
    }
  }
}
