// Users who go together, and users who share a workspace, against the same users, each alone: the same bits.
#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/owning_session.hpp>
#include <sotto/runtime/session_group.hpp>
#include <sotto/runtime/stored_state.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace {

using namespace sotto;

std::vector<std::byte> state_of(const UserState& state) {
  std::vector<std::byte> bytes(stored_size(state));
  export_state(state, 1, bytes);
  return bytes;
}

bool equal(std::span<const ScoredItem> a, std::span<const ScoredItem> b) {
  return std::ranges::equal(
      a, b, [](const ScoredItem& x, const ScoredItem& y) { return x.item == y.item && x.score == y.score; });
}

// Any of a group's users, in any order.
std::vector<std::size_t> draw_users(Random& random) {
  std::vector<std::size_t> users(SessionGroup::max_users);
  for (std::size_t i = 0; i < users.size(); ++i) users[i] = i;
  for (std::size_t i = users.size(); i > 1; --i) std::swap(users[i - 1], users[random.below(std::uint32_t(i))]);
  users.resize(random.below(SessionGroup::max_users + 1));
  return users;
}

// Any of the users, in any order, have an event; then any of them are scored.
void compare(const Engine& engine, Random& random) {
  const std::uint32_t items = engine.architecture().items;
  std::vector<OwningSession> alone;
  std::vector<UserState> together(SessionGroup::max_users, UserState(engine));
  for (std::size_t i = 0; i < SessionGroup::max_users; ++i) alone.emplace_back(engine);
  Workspace workspace(engine);
  SessionGroup group(engine, workspace);
  for (int turn = 0; turn < 20; ++turn) {
    std::vector<UserState*> users;
    std::vector<ItemIndex> events;
    for (const std::size_t user : draw_users(random)) {
      users.push_back(&together[user]);
      events.push_back(random.below(items));
      REQUIRE(alone[user].observe(events.back()).ok());
    }
    REQUIRE(group.observe(users, events).ok());
    const auto asked = draw_users(random);
    users.clear();
    for (const std::size_t user : asked) users.push_back(&together[user]);
    std::size_t called = 0;
    group.for_each_user(users, [&](std::size_t n, Session session) {
      CHECK(n == called++);
      REQUIRE(&session.state() == users[n]);
      REQUIRE(std::ranges::equal(session.scores(), alone[asked[n]].scores()));
    });
    CHECK(called == users.size());
    for (std::size_t user = 0; user < SessionGroup::max_users; ++user) {
      REQUIRE(state_of(together[user]) == state_of(alone[user].state()));
    }
  }
}

}  // namespace

TEST_CASE("users who go together have the states and scores of users alone, in every tier", "[runtime][group]") {
  Random random(4242);
  for (const Kernels* tier : available_kernels()) {
    for (const std::uint32_t hidden : {1U, 7U, 16U, 33U, 64U}) {
      const bool tied = random.below(2) == 1;
      const std::uint32_t embedding = tied ? hidden : 1 + random.below(40);
      const Architecture softmax{300, embedding, hidden, 1 + random.below(3), tied, random.below(2) == 1, true, true};
      INFO(tier->name << ", " << hidden << " units");
      compare(Engine(test::random_fixed_model(softmax, random.next()), 1, *tier), random);
      compare(Engine(test::random_fixed_model(softmax, random.next(), 4), 1, *tier), random);
    }
    const Architecture binary{23, 5, 9, 2, false, false, false, false, HeadKind::binary};
    compare(Engine(test::random_fixed_model(binary, 3), 1, *tier), random);
  }
}

TEST_CASE("an unknown item changes no user of a group", "[runtime][group]") {
  const Architecture small{23, 8, 8, 2, true, true, true, true};
  const Engine engine(test::random_fixed_model(small, 5), 1);
  std::vector<UserState> users(2, UserState(engine));
  const std::array pointers{&users[0], &users[1]};
  Workspace workspace(engine);
  SessionGroup group(engine, workspace);
  REQUIRE(group.observe(pointers, std::array<ItemIndex, 2>{3, 4}).ok());
  const auto before = state_of(users[0]);
  const Status status = group.observe(pointers, std::array<ItemIndex, 2>{5, 23});
  REQUIRE(!status.ok());
  CHECK(status.error().code == ErrorCode::unknown_item);
  CHECK(state_of(users[0]) == before);
}

// Events, scores, rankings, candidates, copies, resets and imports by turns.
TEST_CASE("users who share a workspace in any order have the bits of users alone", "[runtime][workspace]") {
  Random random(77);
  const Architecture softmax{300, 16, 16, 2, true, true, true, true};
  const Architecture binary{23, 5, 9, 2, false, false, false, false, HeadKind::binary};
  for (const bool has_sketch : {false, true}) {
    for (const Architecture& architecture : {softmax, binary}) {
      Engine engine(test::random_fixed_model(architecture, random.next()), 1);
      if (has_sketch) engine.sketch_head();
      constexpr std::size_t count = 4;
      std::vector<OwningSession> alone;
      for (std::size_t i = 0; i < count; ++i) alone.emplace_back(engine);
      std::vector<UserState> shared(count, UserState(engine));
      Workspace workspace(engine);
      for (int turn = 0; turn < 400; ++turn) {
        const std::size_t user = random.below(count);
        Session own = alone[user];
        Session session(engine, shared[user], workspace);
        const ItemIndex item = random.below(architecture.items);
        switch (random.below(7)) {
          case 0:
          case 1: {
            const std::vector<ItemIndex> events(1 + random.below(10), item);
            REQUIRE(own.observe_all(events).ok());
            REQUIRE(session.observe_all(events).ok());
            break;
          }
          case 2: REQUIRE(std::ranges::equal(own.scores(), session.scores())); break;
          case 3: {
            std::vector<ScoredItem> best(10), other(10);
            const RecommendOptions options{.exclude = {&item, 1}};
            best.resize(own.recommend(options, best));
            other.resize(session.recommend(options, other));
            REQUIRE(equal(best, other));
            break;
          }
          case 4: {
            std::int32_t expected = 0, logit = 0;
            REQUIRE(own.candidate_scores({&item, 1}, {&expected, 1}).ok());
            REQUIRE(session.candidate_scores({&item, 1}, {&logit, 1}).ok());
            REQUIRE(logit == expected);
            break;
          }
          case 5: {
            const std::size_t from = random.below(count);
            shared[user] = shared[from];
            REQUIRE(own.import_state(state_of(alone[from].state())).ok());
            break;
          }
          default: own.reset(); session.reset();
        }
        REQUIRE(state_of(shared[user]) == state_of(alone[user].state()));
      }
    }
  }
}

TEST_CASE("a user's memory follows the history and not the catalogue", "[runtime][workspace]") {
  const Engine few(test::random_fixed_model({10, 8, 8, 1, true, true, true, true}, 5), 1);
  const Engine many(test::random_fixed_model({20'000, 8, 8, 1, true, true, true, true}, 5), 1);
  UserState user_of_few(few), user_of_many(many);
  Workspace workspace(many), small_workspace(few);
  REQUIRE(Session(few, user_of_few, small_workspace).observe(3).ok());
  REQUIRE(Session(many, user_of_many, workspace).observe(3).ok());
  CHECK(stored_size(user_of_many) == stored_size(user_of_few));
  CHECK(user_of_many.carried().size() == carried_values(many.architecture()));
}
