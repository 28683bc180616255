// Users who go together against the same users, each alone: the same bits.
#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/owning_session.hpp>
#include <sotto/runtime/session_group.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace {

using namespace sotto;

std::vector<std::byte> state_of(const Session& session) {
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  return state;
}

std::vector<Session> open_sessions(const Engine& engine, std::size_t count) {
  std::vector<Session> sessions;
  for (std::size_t i = 0; i < count; ++i) sessions.emplace_back(engine);
  return sessions;
}

// Any number of the users, in any order, has an event; then any of them have their scores computed.
void compare(const Engine& engine, Random& random) {
  const std::uint32_t items = engine.architecture().items;
  std::vector<Session> alone = open_sessions(engine, SessionGroup::most);
  std::vector<Session> together = open_sessions(engine, SessionGroup::most);
  SessionGroup group(engine);
  const auto draw_users = [&] {
    std::vector<std::size_t> users(SessionGroup::most);
    for (std::size_t i = 0; i < users.size(); ++i) users[i] = i;
    for (std::size_t i = users.size(); i > 1; --i) std::swap(users[i - 1], users[random.below(std::uint32_t(i))]);
    users.resize(random.below(SessionGroup::most + 1));
    return users;
  };
  for (int turn = 0; turn < 20; ++turn) {
    std::vector<Session*> sessions;
    std::vector<ItemIndex> events;
    for (const std::size_t user : draw_users()) {
      sessions.push_back(&together[user]);
      events.push_back(random.below(items));
      REQUIRE(alone[user].observe(events.back()).ok());
    }
    REQUIRE(group.observe(sessions, events).ok());
    sessions.clear();
    for (const std::size_t user : draw_users()) sessions.push_back(&together[user]);
    group.compute_scores(sessions);
    for (std::size_t user = 0; user < SessionGroup::most; ++user) {
      REQUIRE(state_of(together[user]) == state_of(alone[user]));
      REQUIRE(std::ranges::equal(together[user].scores(), alone[user].scores()));
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
  std::vector<Session> users = open_sessions(engine, 2);
  const std::array sessions{&users[0], &users[1]};
  SessionGroup group(engine);
  REQUIRE(group.observe(sessions, std::array<ItemIndex, 2>{3, 4}).ok());
  const auto before = state_of(users[0]);
  const Status status = group.observe(sessions, std::array<ItemIndex, 2>{5, 23});
  REQUIRE(!status.ok());
  CHECK(status.error().code == ErrorCode::unknown_item);
  CHECK(state_of(users[0]) == before);
}
