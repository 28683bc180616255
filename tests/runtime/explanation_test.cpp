#include "../support/random_model.hpp"
#include "small_sessions.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <tuple>
#include <vector>

namespace {

using sotto::Architecture;
using sotto::EventContribution;
using sotto::ItemIndex;
using sotto::test::small_binary;
using sotto::test::small_softmax;
using sotto::test::state_of;

const Architecture bare{23, 5, 8, 1, false, false, false, false};

std::vector<ItemIndex> random_events(std::size_t count, std::uint64_t seed) {
  sotto::Random random(seed);
  std::vector<ItemIndex> events(count);
  for (ItemIndex& event : events) event = random.below(small_softmax.items);
  return events;
}

std::int32_t logit_after(const sotto::Engine& engine, const std::vector<ItemIndex>& events, ItemIndex item) {
  sotto::OwningSession session(engine);
  for (const ItemIndex event : events) REQUIRE(session.observe(event).ok());
  return session.scores()[item];
}

auto fields(const EventContribution& c) { return std::tie(c.item, c.age, c.logit, c.history, c.counts); }

}  // namespace

TEST_CASE("a contribution is what the logit lacks without the event", "[runtime][explanation]") {
  for (const Architecture& architecture : {small_softmax, bare, small_binary}) {
    const auto model = sotto::test::random_fixed_model(architecture, 41);
    const sotto::Engine engine(model, 1, sotto::reference_kernels());
    const sotto::Engine fast_engine(model, 1, sotto::best_kernels());
    sotto::Workspace workspace(engine);
    sotto::Workspace fast_workspace(fast_engine);
    for (const std::size_t count : {1U, 2U, 7U, 49U, 50U, 51U, 80U}) {
      const auto events = random_events(count, count);
      sotto::OwningSession session(engine);
      sotto::OwningSession fast(fast_engine);
      for (const ItemIndex event : events) {
        REQUIRE(session.observe(event).ok());
        REQUIRE(fast.observe(event).ok());
      }
      const auto state = state_of(session);
      const ItemIndex item = events[count / 2];
      const auto why = sotto::why(engine, session.state(), item, workspace);
      REQUIRE(why.ok());
      CHECK(state_of(session) == state);
      REQUIRE(why->size() == std::min(count, sotto::max_explained_events));
      for (const EventContribution& c : *why) {
        auto others = events;
        const std::size_t place = count - 1 - c.age;
        REQUIRE(c.item == events[place]);
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(place));
        REQUIRE(c.logit == session.scores()[item] - logit_after(engine, others, item));
        if (!architecture.history_term) REQUIRE(c.history == 0);
        if (!architecture.count_expert) REQUIRE(c.counts == 0);
      }
      CHECK(std::ranges::is_sorted(*why, std::ranges::greater{}, &EventContribution::logit));
      const auto also = sotto::why(fast_engine, fast.state(), item, fast_workspace);
      REQUIRE(also.ok());
      CHECK(std::ranges::equal(*why, *also, {}, fields, fields));
    }
  }
}

TEST_CASE("the shares are those of the history term and the count expert", "[runtime][explanation]") {
  const auto model = sotto::test::random_fixed_model(small_softmax, 42);
  auto without_terms = model;
  without_terms.info.architecture.history_term = without_terms.info.architecture.count_expert = false;
  without_terms.weights.history.reset();
  without_terms.weights.counts.reset();
  auto without_history = model;
  without_history.info.architecture.history_term = false;
  without_history.weights.history.reset();
  const sotto::Engine engine(model, 1);
  const sotto::Engine network_engine(without_terms, 1);
  const sotto::Engine no_history_engine(without_history, 1);
  const auto events = random_events(30, 43);
  for (const ItemIndex item : {ItemIndex{0}, events[0], events[29]}) {
    const auto by_age = [&](const sotto::Engine& of) {
      sotto::Workspace workspace(of);
      auto contributions = sotto::explain(of, events, item, workspace);
      std::ranges::sort(contributions, {}, &EventContribution::age);
      return contributions;
    };
    const auto whole = by_age(engine);
    const auto network = by_age(network_engine);
    const auto no_history = by_age(no_history_engine);
    for (std::size_t age = 0; age < events.size(); ++age) {
      REQUIRE(whole[age].logit - whole[age].history - whole[age].counts == network[age].logit);
      REQUIRE(whole[age].logit - whole[age].history == no_history[age].logit);
      REQUIRE(whole[age].counts == no_history[age].counts);
    }
  }
}

TEST_CASE("without events there are no reasons, and an unknown item is refused", "[runtime][explanation]") {
  const auto model = sotto::test::random_fixed_model(small_softmax, 44);
  const sotto::Engine engine(model, 1);
  sotto::OwningSession session(engine);
  sotto::Workspace workspace(engine);
  const auto why = sotto::why(engine, session.state(), 3, workspace);
  REQUIRE(why.ok());
  CHECK(why->empty());
  const auto refused = sotto::why(engine, session.state(), small_softmax.items, workspace);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == sotto::ErrorCode::unknown_item);
}
