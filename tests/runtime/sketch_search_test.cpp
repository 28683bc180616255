// A session that searches by the head's sketch beside one that scores every row: items, scores and order must be equal,
// whatever the head and whatever is left out.
#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using namespace sotto;

constexpr std::int32_t smallest = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t largest = std::numeric_limits<std::int32_t>::max();

std::vector<ScoredItem> best_items(Session& session, std::size_t k, const RecommendOptions& options) {
  std::vector<ScoredItem> best(k);
  best.resize(session.recommend(options, best));
  return best;
}

bool equal(const std::vector<ScoredItem>& a, const std::vector<ScoredItem>& b) {
  return std::ranges::equal(
      a, b, [](const ScoredItem& x, const ScoredItem& y) { return x.item == y.item && x.score == y.score; });
}

// The same events and options for both, in every tier.
void check_searches(const FixedModel& model, Random& random) {
  const std::uint32_t items = model.info.architecture.items;
  for (const Kernels* tier : available_kernels()) {
    CAPTURE(tier->name);
    Engine engine(model, 1, *tier);
    OwningSession every_row(engine);
    engine.sketch_head();
    REQUIRE(engine.head_sketch() != nullptr);
    OwningSession searching(engine);
    for (int event = 0; event < 4; ++event) {
      if (event > 0) {  // and without any first
        const ItemIndex item = random.below(items);
        REQUIRE(every_row.observe(item).ok());
        REQUIRE(searching.observe(item).ok());
      }
      std::vector<ItemIndex> exclude(random.below(40));
      for (ItemIndex& item : exclude) item = random.below(items + 3);
      const auto plain = best_items(every_row, 10, {});
      for (const ScoredItem& scored : plain) exclude.push_back(scored.item);
      std::vector<std::uint8_t> allowed(items);
      for (auto& byte : allowed) byte = random.below(3) == 0 ? 1 : 0;
      for (const std::size_t k : {1U, 10U, 1000U}) {
        CAPTURE(event, k);
        for (const RecommendOptions& options :
             {RecommendOptions{}, RecommendOptions{exclude, {}, 0}, RecommendOptions{exclude, allowed, 0},
              RecommendOptions{{}, allowed, max_diversity / 2}}) {
          CHECK(equal(best_items(searching, k, options), best_items(every_row, k, options)));
        }
      }
    }
  }
}

// Rows of one order of magnitude, as trained ones are, with biases that spread as much as the products.
FixedModel plausible_model(const Architecture& a, std::uint64_t seed, int head_bits) {
  FixedModel model = test::random_fixed_model(a, seed, head_bits);
  Random random(seed);
  for (auto& m : model.weights.head_multiplier) m = static_cast<std::int32_t>((1U << 23) + random.below(1U << 21));
  for (auto& b : model.weights.head_bias) b = static_cast<std::int32_t>(random.below(1U << 19)) - (1 << 18);
  return model;
}

}  // namespace

TEST_CASE("a search finds what scoring every row finds", "[runtime][sketch_search]") {
  Random random(51);
  for (const std::uint32_t hidden : {1U, 17U, 64U, 65U, 128U}) {
    for (const int head_bits : {8, 4}) {
      for (const bool tied : {true, false}) {
        CAPTURE(hidden, head_bits, tied);
        const Architecture a{1500, tied ? hidden : 9, hidden, 1, tied, true, true, true};
        check_searches(plausible_model(a, random.next(), head_bits), random);
      }
    }
  }
}

TEST_CASE("a search is exact on heads with anything in them", "[runtime][sketch_search]") {
  Random random(52);
  const Architecture a{1500, 24, 24, 1, true, false, true, true};
  SECTION("extreme multipliers") {
    FixedModel model = test::random_fixed_model(a, random.next());
    for (auto& m : model.weights.head_multiplier) m = random.below(2) == 0 ? largest : 1;
    check_searches(model, random);
  }
  SECTION("biases at their ends, scores saturated at both") {
    FixedModel model = plausible_model(a, random.next(), 8);
    for (auto& b : model.weights.head_bias) b = random.below(2) == 0 ? largest : smallest;
    check_searches(model, random);
    std::ranges::fill(model.weights.head_bias, smallest);
    check_searches(model, random);
  }
  SECTION("equal rows: every score is a tie") {
    FixedModel model = plausible_model(a, random.next(), 8);
    std::ranges::fill(model.weights.head_multiplier, 1 << 22);
    std::ranges::fill(model.weights.head_bias, 5);
    auto& values = model.weights.embedding.values;
    for (std::size_t i = a.hidden_dim; i < values.size(); ++i) values[i] = values[i - a.hidden_dim];
    check_searches(model, random);
  }
  SECTION("rows of nothing") {
    FixedModel model = plausible_model(a, random.next(), 8);
    for (std::size_t i = 0; i < model.weights.embedding.values.size(); ++i) model.weights.embedding.values[i] = 0;
    check_searches(model, random);
  }
}

// Enough rows for the bounds to rule most of them out: a search that gives up would not be tested.
TEST_CASE("a search of a larger catalogue rules rows out and stays exact", "[runtime][sketch_search]") {
  Random random(53);
  const Architecture a{20'000, 32, 32, 1, true, false, true, true};
  for (const int head_bits : {8, 4}) {
    CAPTURE(head_bits);
    const FixedModel model = plausible_model(a, random.next(), head_bits);
    Engine engine(model, 1);
    OwningSession every_row(engine);
    engine.sketch_head();
    OwningSession searching(engine);
    SketchSearch search(*engine.head_sketch(), engine.head(), engine.kernels());
    const std::vector<std::uint8_t> none(a.items);
    std::vector<std::uint8_t> input_u7(engine.head().input_size());
    for (int event = 0; event < 10; ++event) {
      const ItemIndex item = random.below(a.items);
      REQUIRE(every_row.observe(item).ok());
      REQUIRE(searching.observe(item).ok());
      CHECK(equal(best_items(searching, 10, {}), best_items(every_row, 10, {})));

      // Products that outweigh the biases, and biases that outweigh the products.
      for (const int down : {16, 25}) {
        for (auto& x : input_u7) x = static_cast<std::uint8_t>(random.below(128));
        search.set_input(input_u7.data(), down);
        std::vector<ScoredItem> best(10);
        TopK top(best);
        const bool complete = search.insert_best(none, {}, top);
        CHECK((complete || down == 16));
        if (!complete) continue;
        REQUIRE(top.finish() == best.size());
        std::vector<std::int32_t> scores(a.items);
        std::int32_t* const out = scores.data();
        engine.head().scores(engine.kernels(), {input_u7.data(), &down, 1}, &out);
        std::vector<ScoredItem> wanted(10);
        REQUIRE(top_k(engine.kernels(), scores, none, {}, wanted) == wanted.size());
        CHECK(equal(best, wanted));
      }
    }
  }
}

TEST_CASE("a binary head and one that is too wide have no sketch", "[runtime][sketch_search]") {
  Architecture a{50, 8, 8, 1, false, false, false, false};
  a.head = HeadKind::binary;
  Engine binary(test::random_fixed_model(a, 1), 1);
  binary.sketch_head();
  CHECK(binary.head_sketch() == nullptr);
  const auto wide = static_cast<std::uint32_t>(max_sketch_dim + 1);
  Engine too_wide(test::random_fixed_model({50, wide, wide, 1, true, false, false, false}, 1), 1);
  too_wide.sketch_head();
  CHECK(too_wide.head_sketch() == nullptr);
}
