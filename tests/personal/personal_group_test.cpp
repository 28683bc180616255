// Personal users who go together, and personal users who share a workspace, against the same users, each alone.
#include "visits.hpp"

#include <sotto/personal/internal/stored_personal_state.hpp>
#include <sotto/personal/personal_group.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace {

using namespace sotto;

std::vector<std::byte> state_of(const PersonalUser& user) {
  std::vector<std::byte> bytes(stored_size(user));
  export_state(user, 1, bytes);
  return bytes;
}

std::vector<ScoredItem> ranking(PersonalSession session, std::int64_t now) {
  std::vector<ScoredItem> best(7);
  best.resize(session.recommend(now, {.diversity = max_diversity / 3}, best));
  return best;
}

bool equal(std::span<const ScoredItem> a, std::span<const ScoredItem> b) {
  return std::ranges::equal(
      a, b, [](const ScoredItem& x, const ScoredItem& y) { return x.item == y.item && x.score == y.score; });
}

// Users of the model of tests/personal/visits.hpp who differ in what the engine computes for them: one does not learn,
// one has a context, one hides an item.
void make_different(PersonalSession session, std::size_t user) {
  static constexpr std::array<ItemIndex, 3> category{2, 9, 17};
  if (user == 1) session.set_learning(false);
  if (user == 2) REQUIRE(session.set_context(category, 0.6F).ok());
  if (user == 3) REQUIRE(session.feedback(5, FeedbackKind::not_this, 0, 1'600'000'000).ok());
}

void compare(const PersonalModel& model, Random& random) {
  constexpr std::size_t count = PersonalGroup::max_users;
  std::vector<OwningPersonalSession> alone;
  std::vector<PersonalUser> together(count, PersonalUser(model));
  PersonalWorkspace workspace(model);
  PersonalGroup group(model, workspace);
  for (std::size_t user = 0; user < count; ++user) {
    alone.emplace_back(model.engine(), model.options());
    make_different(alone[user], user);
    make_different(PersonalSession(model, together[user], workspace), user);
  }
  std::int64_t now = 1'700'000'000;
  for (int turn = 0; turn < 25; ++turn) {
    now += random.below(4) == 0 ? 86'400 : random.below(300);
    std::vector<std::size_t> drawn;
    for (std::size_t user = 0; user < count; ++user) {
      if (random.below(3) != 0) drawn.insert(drawn.begin() + random.below(std::uint32_t(drawn.size() + 1)), user);
    }
    std::vector<PersonalUser*> users;
    std::vector<ItemIndex> items;
    for (const std::size_t user : drawn) {
      users.push_back(&together[user]);
      items.push_back(random.below(3) == 0 ? random.below(23) : 3 + random.below(4));
    }
    // Sometimes events from before learning began.
    const std::vector<std::int64_t> times(users.size(), now);
    if (turn % 5 == 2) {
      REQUIRE(group.recall(users, items, times).ok());
      for (std::size_t n = 0; n < users.size(); ++n) {
        REQUIRE(alone[drawn[n]].recall({&items[n], 1}, {&now, 1}).ok());
      }
    }
    // A list, then a click on something, as a server has them.
    group.for_each_user(users, [&](std::size_t n, PersonalSession session) {
      REQUIRE(&session.user() == users[n]);
      REQUIRE(equal(ranking(session, now), ranking(alone[drawn[n]], now)));
    });
    REQUIRE(group.observe(users, items, times).ok());
    for (std::size_t n = 0; n < users.size(); ++n) REQUIRE(alone[drawn[n]].observe(items[n], now).ok());
    group.for_each_user(users, [&](std::size_t n, PersonalSession session) {
      REQUIRE(std::ranges::equal(session.scores(now), alone[drawn[n]].scores(now)));
      REQUIRE(std::ranges::equal(session.base_scores(), alone[drawn[n]].base_scores()));
    });
    for (std::size_t user = 0; user < count; ++user) {
      REQUIRE(state_of(together[user]) == test::state_of(alone[user]));
    }
  }
}

}  // namespace

TEST_CASE("personal users who go together have the bits of users alone, in every tier", "[personal][group]") {
  Random random(31);
  Architecture binary{23, 5, 9, 2, false, false, false, false, HeadKind::binary};
  for (const Kernels* tier : available_kernels()) {
    INFO(tier->name);
    for (const int head_bits : {8, 4}) {
      const Engine engine(test::random_fixed_model(test::small(true), random.next(), head_bits), 1, *tier);
      compare(PersonalModel(engine), random);
    }
    const Engine without_terms(test::random_fixed_model({23, 8, 8, 1, true, false}, random.next()), 1, *tier);
    compare(PersonalModel(without_terms, {.memory = false, .gate = false}), random);
    compare(PersonalModel(without_terms, {.taste = false}), random);
    const Engine of_binary(test::random_fixed_model(binary, random.next()), 1, *tier);
    compare(PersonalModel(of_binary), random);
  }
}

TEST_CASE("an unknown item changes no personal user of a group", "[personal][group]") {
  const Engine engine(test::random_fixed_model(test::small(true), 5), 1);
  const PersonalModel model(engine);
  PersonalWorkspace workspace(model);
  PersonalGroup group(model, workspace);
  std::vector<PersonalUser> users(2, PersonalUser(model));
  const std::array pointers{&users[0], &users[1]};
  REQUIRE(group.observe(pointers, std::array<ItemIndex, 2>{3, 4}, std::array<std::int64_t, 2>{5, 6}).ok());
  const auto before = state_of(users[0]);
  const Status status = group.observe(pointers, std::array<ItemIndex, 2>{5, 23}, std::array<std::int64_t, 2>{7, 8});
  REQUIRE(!status.ok());
  CHECK(status.error().code == ErrorCode::unknown_item);
  CHECK(!group.recall(pointers, std::array<ItemIndex, 2>{5, 23}, std::array<std::int64_t, 2>{7, 8}).ok());
  CHECK(state_of(users[0]) == before);
}

TEST_CASE("a group takes in the events that wait before it learns from another", "[personal][group]") {
  const Engine engine(test::random_fixed_model(test::small(true), 5), 1);
  const PersonalModel model(engine);
  PersonalWorkspace workspace(model);
  PersonalGroup group(model, workspace);
  PersonalUser before(model), alone(model), together(model);
  for (const test::Event& event : test::visits(300, 7)) {
    REQUIRE(PersonalSession(model, before, workspace).observe(event.item, event.time).ok());
  }
  std::vector<ItemPair> pairs;
  for (ItemIndex item = 0; item < 23; ++item) pairs.push_back({item, item});
  const std::int64_t later = before.times().back() + 100;
  REQUIRE(PersonalSession(model, alone, workspace).carry_over_state(state_of(before), pairs).ok());
  REQUIRE(PersonalSession(model, together, workspace).carry_over_state(state_of(before), pairs).ok());
  CHECK(together.waiting() == 256);
  REQUIRE(PersonalSession(model, alone, workspace).observe(4, later).ok());
  const std::array users{&together};
  REQUIRE(group.observe(users, std::array<ItemIndex, 1>{4}, std::array{later}).ok());
  CHECK(together.waiting() == 0);
  CHECK(state_of(together) == state_of(alone));
}

// Everything that users do, by turns; a copy of a user goes on as the user would.
TEST_CASE("personal users who share a workspace in any order have the bits of users alone", "[personal][workspace]") {
  const Engine engine(test::random_fixed_model(test::small(true), 8), 1);
  PersonalOptions options;
  options.weights.of[static_cast<std::size_t>(FeedbackKind::impression)] = 0.25F;
  const PersonalModel model(engine, options);
  constexpr std::size_t count = 4;
  std::vector<OwningPersonalSession> alone;
  for (std::size_t user = 0; user < count; ++user) alone.emplace_back(engine, options);
  std::vector<PersonalUser> shared(count, PersonalUser(model));
  PersonalWorkspace workspace(model);
  Random random(5);
  std::int64_t now = 1'700'000'000;
  for (int turn = 0; turn < 1500; ++turn) {
    now += random.below(6) == 0 ? 86'400 : random.below(300);
    const std::size_t user = random.below(count);
    PersonalSession own = alone[user];
    PersonalSession session(model, shared[user], workspace);
    const ItemIndex item = random.below(3) == 0 ? random.below(23) : 3 + random.below(4);
    switch (random.below(8)) {
      case 0: REQUIRE(std::ranges::equal(session.scores(now), own.scores(now))); break;
      case 1: REQUIRE(equal(ranking(session, now), ranking(own, now))); break;
      case 2: {
        const auto kind = static_cast<FeedbackKind>(random.below(feedback_kinds));
        REQUIRE(session.feedback(item, kind, 0.5F, now).ok());
        REQUIRE(own.feedback(item, kind, 0.5F, now).ok());
        break;
      }
      case 3: {
        const std::size_t from = random.below(count);
        if (shared[from].context().is_believed() || shared[user].context().is_believed()) break;
        shared[user] = shared[from];
        REQUIRE(own.import_state(test::state_of(alone[from])).ok());
        break;
      }
      case 4: {
        const std::array<ItemIndex, 2> items{item, 9};
        const float belief = random.below(2) == 0 ? 0.0F : 0.5F;
        REQUIRE(session.set_context(items, belief).ok());
        REQUIRE(own.set_context(items, belief).ok());
        break;
      }
      case 5:
        if (random.below(20) != 0) break;
        session.reset();
        own.reset();
        break;
      default: REQUIRE(session.observe(item, now).ok()); REQUIRE(own.observe(item, now).ok());
    }
    REQUIRE(state_of(shared[user]) == test::state_of(alone[user]));
  }
}

TEST_CASE("one user without events gives the popular items to all who ask", "[personal][workspace]") {
  const Engine engine(test::random_fixed_model(test::small(true), 8), 1);
  const PersonalModel model(engine);
  PersonalWorkspace workspace(model);
  PersonalUser nobody(model), somebody(model);
  std::vector<ScoredItem> expected(5), popular(5);
  OwningSession fresh(engine);
  expected.resize(fresh.recommend({}, expected));
  for (const test::Event& event : test::visits(20, 3)) {
    REQUIRE(PersonalSession(model, somebody, workspace).observe(event.item, event.time).ok());
    popular.resize(PersonalSession(model, nobody, workspace).recommend_base(event.time, {}, popular));
    CHECK(equal(popular, expected));
  }
}
