// A state merged with another device's, and carried over to another version of the model.
#include "visits.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using sotto::FeedbackKind;
using sotto::ItemIndex;
using sotto::ItemPair;
using sotto::PersonalSession;
using sotto::test::Event;
using sotto::test::small;
using sotto::test::state_of;
using sotto::test::visits;

const sotto::Engine& engine() {
  static const sotto::Engine made(sotto::test::random_fixed_model(small(true), 5), 1);
  return made;
}

// Half of the events on each device; refusals on one.
void use_two_devices(PersonalSession& phone, PersonalSession& laptop) {
  std::size_t n = 0;
  for (const Event& event : visits(200, 3)) {
    REQUIRE((n++ / 10 % 2 == 0 ? phone : laptop).observe(event.item, event.time).ok());
  }
  REQUIRE(phone.feedback(9, FeedbackKind::not_this, 0, 1'700'000'000).ok());
}

}  // namespace

TEST_CASE("two devices that merge each other's states have the same bytes", "[personal][state]") {
  PersonalSession phone(engine());
  PersonalSession laptop(engine());
  use_two_devices(phone, laptop);
  const auto of_phone = state_of(phone);
  const auto of_laptop = state_of(laptop);
  REQUIRE(phone.merge_state(of_laptop).ok());
  REQUIRE(laptop.merge_state(of_phone).ok());
  CHECK(state_of(phone) == state_of(laptop));
  CHECK(phone.session().history().size() == 200);
  CHECK(std::ranges::is_sorted(phone.times()));
  CHECK(phone.gate().record().events == 200);
  CHECK(laptop.hidden().contains(9));
  // Both learned something, and what they learned is in the mean.
  CHECK(!std::ranges::equal(phone.taste().learned(), PersonalSession(engine()).taste().learned()));
}

TEST_CASE("merged with itself a state keeps what it knows", "[personal][state]") {
  PersonalSession session(engine());
  for (const Event& event : visits(100, 4)) REQUIRE(session.observe(event.item, event.time).ok());
  PersonalSession merged(engine());
  REQUIRE(merged.import_state(state_of(session)).ok());
  REQUIRE(merged.merge_state(state_of(session)).ok());
  CHECK(std::ranges::equal(merged.session().history(), session.session().history()));
  CHECK(std::ranges::equal(merged.taste().values(), session.taste().values()));
  CHECK(std::ranges::equal(merged.memory_weight(), session.memory_weight()));
  CHECK(merged.gate().weights() == session.gate().weights());
  CHECK(std::ranges::equal(merged.session().head_input(), session.session().head_input()));
}

TEST_CASE("devices that merge again and again learn nothing from it", "[personal][state]") {
  PersonalSession phone(engine());
  PersonalSession laptop(engine());
  use_two_devices(phone, laptop);
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  const auto once = state_of(phone);
  for (int i = 0; i < 5; ++i) {
    REQUIRE(laptop.merge_state(state_of(phone)).ok());
    REQUIRE(phone.merge_state(state_of(laptop)).ok());
  }
  CHECK(state_of(phone) == once);
  CHECK(phone.gate().record().events == 200);
}

TEST_CASE("of two devices that take turns the one that was used last is believed", "[personal][state]") {
  PersonalSession phone(engine());
  PersonalSession laptop(engine());
  use_two_devices(phone, laptop);
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  REQUIRE(laptop.merge_state(state_of(phone)).ok());
  std::int64_t time = laptop.times().back();
  for (const Event& event : visits(30, 9)) REQUIRE(laptop.observe(event.item, time += 100).ok());
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  CHECK(std::ranges::equal(phone.taste().learned(), laptop.taste().learned()));
  CHECK(std::ranges::equal(phone.memory_weight(), laptop.memory_weight()));
  CHECK(phone.gate().weights() == laptop.gate().weights());
  CHECK(phone.gate().record().events == 230);
}

TEST_CASE("the order of events of one moment stays where one device has them all", "[personal][state]") {
  const auto merged = [](std::vector<ItemIndex> ours, std::vector<ItemIndex> theirs) {
    PersonalSession phone(engine());
    PersonalSession laptop(engine());
    const std::vector<std::int64_t> times(10, 1'700'000'000);
    REQUIRE(phone.recall(ours, std::span(times).first(ours.size())).ok());
    REQUIRE(laptop.recall(theirs, std::span(times).first(theirs.size())).ok());
    const auto of_phone = state_of(phone);
    REQUIRE(phone.merge_state(state_of(laptop)).ok());
    REQUIRE(laptop.merge_state(of_phone).ok());
    CHECK(state_of(phone) == state_of(laptop));
    const auto history = phone.session().history();
    return std::vector<ItemIndex>(history.begin(), history.end());
  };
  using Items = std::vector<ItemIndex>;
  CHECK(merged({7, 3, 9}, {7, 3, 9}) == Items{7, 3, 9});
  CHECK(merged({7, 3, 9}, {}) == Items{7, 3, 9});
  CHECK(merged({9}, {7, 3, 9}) == Items{7, 3, 9});
  CHECK(merged({7, 3, 9}, {3, 9, 7}) == Items{3, 9, 7});        // one of both
  CHECK(merged({7, 3, 7}, {7, 3}) == Items{7, 3, 7});           // twice is more than once
  CHECK(merged({7, 3}, {9, 3, 3}) == Items{9, 3, 3, 7});  // neither has all: the one that lacks fewer is first
  CHECK(merged({7, 3}, {9, 3}) == Items{7, 3, 9});
}

TEST_CASE("of two full memories the latest events are kept", "[personal][state]") {
  PersonalSession phone(engine());
  PersonalSession laptop(engine());
  for (const Event& event : visits(1500, 5)) REQUIRE(phone.recall({&event.item, 1}, {&event.time, 1}).ok());
  for (const Event& event : visits(1500, 6)) {
    const std::int64_t later = event.time + 7;
    REQUIRE(laptop.recall({&event.item, 1}, {&later, 1}).ok());
  }
  const auto latest = std::max(phone.times().back(), laptop.times().back());
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  CHECK(phone.times().size() == sotto::history_capacity);
  CHECK(phone.times().back() == latest);
}

TEST_CASE("a new version of the model takes along what was learned, by the items' names", "[personal][state]") {
  // Of the same weights, so that what was learned can be of use; its items are told apart by the pairs alone.
  const sotto::Engine next(sotto::test::random_fixed_model(small(true), 5), 2);
  PersonalSession before(engine());
  for (const Event& event : visits(400, 7)) REQUIRE(before.observe(event.item, event.time).ok());
  REQUIRE(before.feedback(9, FeedbackKind::not_this, 0, before.times().back()).ok());
  REQUIRE(before.feedback(1, FeedbackKind::not_this, 0, before.times().back()).ok());
  std::vector<ItemPair> pairs;
  for (ItemIndex item = 2; item < 23; ++item) pairs.push_back({item, item});  // 0 and 1 are gone
  PersonalSession after(next);
  REQUIRE(after.observe(3, 5).ok());  // is replaced
  REQUIRE(after.carry_over_state(state_of(before), pairs).ok());
  while (after.relearn(16) > 0) continue;

  std::vector<ItemIndex> expected;
  for (const ItemIndex item : before.session().history()) {
    if (item >= 2) expected.push_back(item);
  }
  CHECK(std::ranges::equal(after.session().history(), expected));
  CHECK(std::ranges::equal(after.memory_weight(), before.memory_weight()));
  CHECK(after.gate().weights() == before.gate().weights());
  CHECK(after.gate().record().events == before.gate().record().events);
  CHECK(after.hidden().contains(9));
  CHECK(after.hidden().all().size() == 1);

  // It predicts the user's next events better than a device that only remembers the events.
  PersonalSession afresh(next);
  REQUIRE(afresh.recall(expected, after.times()).ok());
  const auto record = after.gate().record();
  std::int64_t time = after.times().back();
  for (const Event& event : visits(60, 8)) {
    time += 100;
    const ItemIndex item = std::max(event.item, 2U);
    REQUIRE(after.observe(item, time).ok());
    REQUIRE(afresh.observe(item, time).ok());
  }
  CHECK(after.gate().record().personal_log_likelihood - record.personal_log_likelihood >
        afresh.gate().record().personal_log_likelihood);
}

TEST_CASE("events that wait to be learned from are taken in by slices, or before anything else happens",
          "[personal][state]") {
  const sotto::Engine next(sotto::test::random_fixed_model(small(true), 5), 2);
  PersonalSession before(engine());
  for (const Event& event : visits(300, 7)) REQUIRE(before.observe(event.item, event.time).ok());
  before.set_learning(false);
  std::vector<ItemPair> pairs;
  for (ItemIndex item = 0; item < 23; ++item) pairs.push_back({item, item});
  const auto carried_over = [&](PersonalSession& session) {
    REQUIRE(session.carry_over_state(state_of(before), pairs).ok());
    CHECK(session.session().history().size() == 300 - 256);
  };

  PersonalSession whole(next);
  carried_over(whole);
  CHECK(whole.relearn(256) == 0);
  CHECK(whole.session().history().size() == 300);
  CHECK(!whole.learning());
  PersonalSession sliced(next);
  carried_over(sliced);
  CHECK(sliced.relearn(100) == 156);
  CHECK(sliced.relearn(0) == 156);
  CHECK(sliced.relearn(155) == 1);
  CHECK(sliced.relearn(155) == 0);
  CHECK(state_of(sliced) == state_of(whole));
  CHECK(sliced.relearn(1) == 0);

  const std::int64_t later = before.times().back() + 100;
  PersonalSession interrupted(next);
  carried_over(interrupted);
  CHECK(interrupted.relearn(10) == 246);
  REQUIRE(interrupted.observe(4, later).ok());
  REQUIRE(whole.observe(4, later).ok());
  CHECK(state_of(interrupted) == state_of(whole));

  PersonalSession forgotten(next);
  carried_over(forgotten);
  forgotten.reset();
  CHECK(forgotten.relearn(256) == 0);
  CHECK(state_of(forgotten) == state_of(PersonalSession(next)));
}

TEST_CASE("nothing of a state that cannot be merged or carried over is taken", "[personal][state]") {
  const sotto::Engine other(sotto::test::random_fixed_model(small(true), 6), 2);
  PersonalSession stranger(other);
  REQUIRE(stranger.observe(3, 5).ok());
  PersonalSession session(engine());
  REQUIRE(session.observe(4, 5).ok());
  const auto before = state_of(session);
  auto damaged = state_of(stranger);
  CHECK(session.merge_state(damaged).error().code == sotto::ErrorCode::mismatch);
  const std::vector<ItemPair> unknown{{3, 23}};
  CHECK(session.carry_over_state(damaged, unknown).error().code == sotto::ErrorCode::unknown_item);
  const std::vector<ItemPair> unsorted{{3, 2}, {2, 3}};
  CHECK(session.carry_over_state(damaged, unsorted).error().code == sotto::ErrorCode::invalid_argument);
  damaged[40] ^= std::byte{1};
  CHECK(session.merge_state(damaged).error().code == sotto::ErrorCode::malformed);
  CHECK(session.carry_over_state(damaged, {}).error().code == sotto::ErrorCode::malformed);
  CHECK(state_of(session) == before);
}
