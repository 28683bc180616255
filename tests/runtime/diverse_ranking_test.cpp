#include "../support/random_model.hpp"

#include <sotto/runtime/diverse_ranking.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace {

using sotto::ItemIndex;
using sotto::max_diversity;
using sotto::ScoredItem;
using Row = std::vector<std::int8_t>;

std::int32_t cosine_q15(const Row& a, const Row& b) {
  return sotto::cosine_q15(sotto::EmbeddingRow(a), sotto::EmbeddingRow(b));
}

const sotto::Architecture architecture{900, 12, 12, 1, true, true, true, true};

std::vector<ItemIndex> ranking(sotto::Session& session, std::size_t k, std::int32_t diversity) {
  std::vector<ScoredItem> best(k);
  best.resize(session.recommend({.diversity = diversity}, best));
  std::vector<ItemIndex> items;
  for (const auto& [item, score] : best) items.push_back(item);
  return items;
}

// The definition in docs/numbers.md, with every similarity computed anew.
std::vector<ItemIndex> by_definition(const sotto::Engine& engine, std::span<const ScoredItem> candidates, std::size_t k,
                                     std::int64_t diversity) {
  const std::int64_t lowest = candidates.back().score;
  const std::int64_t range = candidates.front().score - lowest;
  std::vector<ItemIndex> placed;
  while (placed.size() < k) {
    std::int64_t most = INT64_MIN;
    ItemIndex next = 0;
    for (const auto& [item, score] : candidates) {
      if (std::ranges::find(placed, item) != placed.end()) continue;
      std::int64_t nearest = placed.empty() ? 0 : -max_diversity;
      for (const ItemIndex p : placed) {
        nearest =
            std::max<std::int64_t>(nearest, sotto::cosine_q15(engine.embedding_row(item), engine.embedding_row(p)));
      }
      const std::int64_t relevance = range == 0 ? 0 : (score - lowest) * max_diversity / range;
      const std::int64_t marginal = (max_diversity - diversity) * relevance - diversity * nearest;
      if (marginal > most) {
        most = marginal;
        next = item;
      }
    }
    placed.push_back(next);
  }
  return placed;
}

double mean_cosine(const sotto::Engine& engine, const std::vector<ItemIndex>& items) {
  double sum = 0;
  int pairs = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j, ++pairs)
      sum += sotto::cosine_q15(engine.embedding_row(items[i]), engine.embedding_row(items[j]));
  }
  return sum / pairs / max_diversity;
}

}  // namespace

TEST_CASE("cosines of int8 rows", "[runtime][diversity]") {
  CHECK(cosine_q15(Row{3, 4}, Row{6, 8}) == 32768);
  CHECK(cosine_q15(Row{3, 4}, Row{-3, -4}) == -32768);
  CHECK(cosine_q15(Row{3, 4}, Row{-4, 3}) == 0);
  CHECK(cosine_q15(Row{0, 0}, Row{1, 2}) == 0);
  CHECK(cosine_q15(Row{1, 0}, Row{1, 1}) == 32768);  // floor(√2) = 1: short rows are coarse
  CHECK(cosine_q15(Row{100, 0}, Row{100, 100}) == 23170);  // 10,000 · 2^15 / 14,142 = 23,170.7
  const Row longest(4096, -128);
  CHECK(cosine_q15(longest, longest) == 32768);
  CHECK(cosine_q15(longest, Row(4096, 127)) == -32768);
}

TEST_CASE("diversity 0 is the plain ranking, and the least diversity hardly another", "[runtime][diversity]") {
  const auto model = sotto::test::random_fixed_model(architecture, 21);
  const sotto::Engine engine(model, 1);
  sotto::OwningSession session(engine);
  for (const ItemIndex item : {4U, 8U, 15U}) REQUIRE(session.observe(item).ok());
  std::vector<ScoredItem> plain(50);
  REQUIRE(session.recommend({}, plain) == 50);
  const auto same = ranking(session, 50, 0);
  for (std::size_t rank = 0; rank < 50; ++rank) REQUIRE(same[rank] == plain[rank].item);
  CHECK(ranking(session, 1, max_diversity)[0] == plain[0].item);
  CHECK(ranking(session, 10, 1)[0] == plain[0].item);
}

TEST_CASE("a diverse ranking is what its definition says, with every kernel", "[runtime][diversity]") {
  const auto model = sotto::test::random_fixed_model(architecture, 22);
  const sotto::Engine reference(model, 1, sotto::reference_kernels());
  const sotto::Engine best(model, 1, sotto::best_kernels());
  sotto::OwningSession slow(reference);
  sotto::OwningSession fast(best);
  for (const ItemIndex item : {3U, 1U, 4U, 1U, 5U, 899U}) {
    REQUIRE(slow.observe(item).ok());
    REQUIRE(fast.observe(item).ok());
    for (const std::size_t k : {1U, 2U, 10U, 40U}) {
      std::vector<ScoredItem> candidates(sotto::candidates_per_place * k);
      REQUIRE(slow.recommend({}, candidates) == candidates.size());
      for (const std::int32_t diversity : {1, 5000, 16384, 30000, max_diversity}) {
        const auto expected = by_definition(reference, candidates, k, diversity);
        REQUIRE(ranking(slow, k, diversity) == expected);
        REQUIRE(ranking(fast, k, diversity) == expected);
      }
    }
  }
}

TEST_CASE("more diversity spreads the items, and near copies lose their place", "[runtime][diversity]") {
  auto model = sotto::test::random_fixed_model(architecture, 23);
  const sotto::Engine engine(model, 1);
  sotto::OwningSession session(engine);
  REQUIRE(session.observe(7).ok());
  const double plain = mean_cosine(engine, ranking(session, 10, 0));
  const double half = mean_cosine(engine, ranking(session, 10, max_diversity / 2));
  const double full = mean_cosine(engine, ranking(session, 10, max_diversity));
  CAPTURE(plain, half, full);
  CHECK(half < plain);
  CHECK(full < half);

  // A copy of the best item has the same score, and is the last that full diversity would take.
  const auto before = ranking(session, 2, 0);
  auto& values = model.weights.embedding.values;
  const std::ptrdiff_t width = architecture.embedding_dim;
  std::copy_n(values.begin() + width * before[0], width, &values[static_cast<std::size_t>(width) * before[1]]);
  const sotto::Engine with_copy(model, 1);
  sotto::OwningSession among_copies(with_copy);
  REQUIRE(among_copies.observe(7).ok());
  const auto spread = ranking(among_copies, 10, max_diversity);
  CHECK(std::set<ItemIndex>(spread.begin(), spread.end()).size() == 10);
  CHECK_FALSE(
      (std::ranges::find(spread, before[0]) != spread.end() && std::ranges::find(spread, before[1]) != spread.end()));
}

TEST_CASE("more places than candidates, and fewer items than places", "[runtime][diversity]") {
  const auto model = sotto::test::random_fixed_model(architecture, 24);
  const sotto::Engine engine(model, 1);
  sotto::OwningSession session(engine);
  REQUIRE(session.observe(7).ok());
  const std::size_t behind = sotto::max_diverse_candidates;
  const auto plain = ranking(session, 900, 0);
  const auto diverse = ranking(session, 900, max_diversity);
  REQUIRE(diverse.size() == 900);
  CHECK(diverse != plain);
  CHECK(std::set<ItemIndex>(diverse.begin(), diverse.end()).size() == 900);
  CHECK(std::equal(plain.begin() + behind, plain.end(), diverse.begin() + behind));

  std::vector<std::uint8_t> allowed(900);
  std::vector<ScoredItem> best(5);
  CHECK(session.recommend({.allowed = allowed, .diversity = 9000}, best) == 0);
  allowed[10] = allowed[20] = allowed[30] = 1;
  CHECK(session.recommend({.allowed = allowed, .diversity = 9000}, best) == 3);
  CHECK(session.recommend({.diversity = 9000}, std::span<ScoredItem>()) == 0);
}
