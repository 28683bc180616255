#include "../support/random_model.hpp"
#include "small_sessions.hpp"

#include <sotto/base/internal/bytes.hpp>
#include <sotto/base/random.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/owning_session.hpp>
#include <sotto/runtime/recommender.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using sotto::Architecture;
using sotto::ErrorCode;
using sotto::ItemIndex;
using sotto::test::small_binary;
using sotto::test::small_softmax;
using sotto::test::state_of;

}  // namespace

// Sizes 1, primes, a tile and its neighbours; every combination of head and skip connection.
TEST_CASE("reference and best kernels give the same scores and state", "[runtime][session]") {
  sotto::Random random(77);
  for (const std::uint32_t hidden : {1U, 7U, 31U, 32U, 33U, 64U}) {
    for (const bool tied : {false, true}) {
      for (const bool skip : {false, true}) {
        const std::uint32_t embedding = tied ? hidden : 1 + random.below(40);
        Architecture a{1 + random.below(100), embedding,           hidden, 1 + random.below(3), tied, skip,
                       random.below(2) == 1,  random.below(2) == 1};
        if (!tied && !skip && random.below(2) == 1) {
          a.history_term = a.count_expert = false;
          a.head = sotto::HeadKind::binary;
        }
        const auto model = sotto::test::random_fixed_model(a, random.next());
        const sotto::Engine reference(model, 1, sotto::reference_kernels());
        const sotto::Engine best(model, 1, sotto::best_kernels());
        sotto::OwningSession slow(reference);
        sotto::OwningSession fast(best);
        for (int event = 0; event < 50; ++event) {
          const ItemIndex item = random.below(a.items);
          REQUIRE(slow.observe(item).ok());
          REQUIRE(fast.observe(item).ok());
          REQUIRE(std::ranges::equal(slow.scores(), fast.scores()));
        }
        REQUIRE(state_of(slow) == state_of(fast));
      }
    }
  }
}

TEST_CASE("recommend gives the best scores in order, ties by index, without the excluded", "[runtime][session]") {
  const auto model = sotto::test::random_fixed_model(small_softmax, 5);
  const sotto::Engine engine(model, 1);
  sotto::OwningSession session(engine);
  REQUIRE(session.observe(3).ok());
  const auto scores = session.scores();
  std::vector<ItemIndex> order(small_softmax.items);
  for (ItemIndex i = 0; i < small_softmax.items; ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](ItemIndex a, ItemIndex b) { return scores[a] > scores[b]; });

  const std::vector<ItemIndex> exclude{order[0], order[2], order[2], 1'000'000};
  std::vector<sotto::ScoredItem> best(5);
  REQUIRE(session.recommend({.exclude = exclude}, best) == 5);
  CHECK(best[0].item == order[1]);
  CHECK(best[1].item == order[3]);
  CHECK(best[0].score == scores[order[1]]);

  std::vector<sotto::ScoredItem> all(small_softmax.items + 10);
  CHECK(session.recommend({}, all) == small_softmax.items);
  CHECK(session.recommend({.exclude = order}, all) == 0);
  CHECK(session.recommend({}, std::span<sotto::ScoredItem>()) == 0);
}

TEST_CASE("an unknown item changes nothing", "[runtime][session]") {
  const auto model = sotto::test::random_fixed_model(small_softmax, 6);
  const sotto::Engine engine(model, 1);
  sotto::OwningSession session(engine);
  REQUIRE(session.observe(1).ok());
  const auto before = state_of(session);
  const auto status = session.observe(small_softmax.items);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == ErrorCode::unknown_item);
  CHECK(state_of(session) == before);
}

TEST_CASE("a stored state continues exactly where it was", "[runtime][state]") {
  const auto model = sotto::test::random_fixed_model(small_softmax, 7);
  const sotto::Engine engine(model, 99);
  sotto::OwningSession session(engine);
  for (const ItemIndex item : {4U, 8U, 15U, 16U}) REQUIRE(session.observe(item).ok());
  const auto stored = state_of(session);

  sotto::OwningSession restored(engine);
  REQUIRE(restored.import_state(stored).ok());
  CHECK(restored.state().events() == 4);
  CHECK(std::ranges::equal(restored.scores(), session.scores()));
  REQUIRE(session.observe(2).ok());
  REQUIRE(restored.observe(2).ok());
  CHECK(state_of(session) == state_of(restored));

  restored.reset();
  CHECK(state_of(restored) == state_of(sotto::OwningSession(engine)));
}

TEST_CASE("foreign and damaged states are refused by name and change nothing", "[runtime][state]") {
  const auto model = sotto::test::random_fixed_model(small_softmax, 8);
  const sotto::Engine engine(model, 1);
  const sotto::Engine other(model, 2);
  sotto::OwningSession session(engine);
  REQUIRE(session.observe(3).ok());
  const auto before = state_of(session);
  sotto::OwningSession foreign(other);
  const auto check_refused = [&](std::vector<std::byte> bytes, ErrorCode code) {
    const auto status = session.import_state(bytes);
    REQUIRE_FALSE(status.ok());
    CHECK(status.error().code == code);
    CHECK(state_of(session) == before);
  };
  check_refused({}, ErrorCode::truncated);
  check_refused(state_of(foreign), ErrorCode::mismatch);
  for (std::size_t i = 0; i < before.size(); ++i) {
    auto damaged = before;
    damaged[i] ^= std::byte{1};
    CHECK_FALSE(session.import_state(damaged).ok());
  }
  for (std::size_t size = 0; size < before.size(); ++size) {
    CHECK_FALSE(session.import_state(std::span(before).first(size)).ok());
  }
  CHECK(state_of(session) == before);
}

TEST_CASE("Recommender opens a file and refuses a broken one", "[runtime][recommender]") {
  const auto bytes = serialize(sotto::test::random_fixed_model(small_softmax, 9));
  const auto opened = sotto::Recommender::open(bytes);
  REQUIRE(opened.ok());
  sotto::OwningSession session((*opened)->engine());
  REQUIRE(session.observe(1).ok());
  CHECK((*opened)->info().catalogue.item_ids[1] == "item-1");
  CHECK_FALSE(sotto::Recommender::open(std::span(bytes).first(100)).ok());
}

TEST_CASE("a binary head scores a candidate as the step that observing it takes", "[runtime][session]") {
  const auto model = sotto::test::random_fixed_model(small_binary, 11);
  const sotto::Engine engine(model, 1);
  sotto::OwningSession session(engine);
  for (const ItemIndex item : {3U, 1U, 4U}) REQUIRE(session.observe(item).ok());
  const auto before = state_of(session);
  const std::vector<ItemIndex> candidates{7, 0, 7, 22};
  std::vector<std::int32_t> logits(candidates.size());
  REQUIRE(session.candidate_scores(candidates, logits).ok());
  CHECK(state_of(session) == before);
  CHECK(logits[0] == logits[2]);
  const auto all = session.scores();
  for (std::size_t c = 0; c < candidates.size(); ++c) CHECK(all[candidates[c]] == logits[c]);

  // The head's logit of the candidate's own state, from the state that is exported after observing it.
  REQUIRE(session.observe(7).ok());
  const auto after = state_of(session);
  std::int64_t peak = 0;
  std::vector<std::int64_t> u;
  for (std::uint32_t j = 0; j < small_binary.hidden_dim; ++j) {
    const std::size_t at = 28 + 2 * (2 * small_binary.layers * small_binary.hidden_dim + j);
    u.push_back(sotto::load_le<std::int16_t>(after.data() + at));
    peak = std::max(peak, std::abs(u.back()));
  }
  int shift = 0;
  while (sotto::round_shift(peak, shift) > sotto::activation_max) ++shift;
  std::int64_t sum = 0;
  for (std::uint32_t j = 0; j < small_binary.hidden_dim; ++j)
    sum += model.weights.head[j] * sotto::round_shift(u[j], shift);
  const std::int64_t logit =
      sotto::round_shift(sum * model.weights.head_multiplier[0], 26 - shift) + model.weights.head_bias[0];
  CHECK(logits[0] == logit);

  const std::vector<ItemIndex> unknown{1, 23};
  const auto refused = session.candidate_scores(unknown, std::span(logits).first(2));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::unknown_item);
}
