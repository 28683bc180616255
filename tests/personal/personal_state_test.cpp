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
using sotto::OwningPersonalSession;
using sotto::PersonalSession;
using sotto::test::Event;
using sotto::test::small;
using sotto::test::state_of;
using sotto::test::visits;

const sotto::Engine& two_device_engine() {
  static const sotto::Engine made(sotto::test::random_fixed_model(small(true), 5), 1);
  return made;
}

// Half of the events on each device; one item hidden on one.
void use_two_devices(PersonalSession& phone, PersonalSession& laptop) {
  std::size_t n = 0;
  for (const Event& event : visits(200, 3)) {
    REQUIRE((n++ / 10 % 2 == 0 ? phone : laptop).observe(event.item, event.time).ok());
  }
  REQUIRE(phone.feedback(9, FeedbackKind::not_this, 0, 1'700'000'000).ok());
}

}  // namespace

TEST_CASE("two devices that merge each other's states have the same bytes", "[personal][state]") {
  OwningPersonalSession phone(two_device_engine());
  OwningPersonalSession laptop(two_device_engine());
  use_two_devices(phone, laptop);
  const auto of_phone = state_of(phone);
  const auto of_laptop = state_of(laptop);
  REQUIRE(phone.merge_state(of_laptop).ok());
  REQUIRE(laptop.merge_state(of_phone).ok());
  CHECK(state_of(phone) == state_of(laptop));
  CHECK(phone.user().state().history().size() == 200);
  CHECK(std::ranges::is_sorted(phone.user().times()));
  CHECK(phone.user().gate().record().events == 200);
  CHECK(laptop.user().hidden().contains(9));
  // Both learned something, and what they learned is in the mean.
  CHECK(!std::ranges::equal(phone.user().taste().learned(),
                            OwningPersonalSession(two_device_engine()).user().taste().learned()));
}

TEST_CASE("merged with itself a state keeps what it knows", "[personal][state]") {
  OwningPersonalSession session(two_device_engine());
  for (const Event& event : visits(100, 4)) REQUIRE(session.observe(event.item, event.time).ok());
  OwningPersonalSession merged(two_device_engine());
  REQUIRE(merged.import_state(state_of(session)).ok());
  REQUIRE(merged.merge_state(state_of(session)).ok());
  CHECK(std::ranges::equal(merged.user().state().history(), session.user().state().history()));
  CHECK(std::ranges::equal(merged.user().taste().values(), session.user().taste().values()));
  CHECK(std::ranges::equal(merged.user().memory_weight(), session.user().memory_weight()));
  CHECK(merged.user().gate().weights() == session.user().gate().weights());
  CHECK(std::ranges::equal(merged.user().state().head_input(), session.user().state().head_input()));
}

TEST_CASE("devices that merge again and again learn nothing from it", "[personal][state]") {
  OwningPersonalSession phone(two_device_engine());
  OwningPersonalSession laptop(two_device_engine());
  use_two_devices(phone, laptop);
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  const auto once = state_of(phone);
  for (int i = 0; i < 5; ++i) {
    REQUIRE(laptop.merge_state(state_of(phone)).ok());
    REQUIRE(phone.merge_state(state_of(laptop)).ok());
  }
  CHECK(state_of(phone) == once);
  CHECK(phone.user().gate().record().events == 200);
}

TEST_CASE("of two devices that take turns the one that was used last is believed", "[personal][state]") {
  OwningPersonalSession phone(two_device_engine());
  OwningPersonalSession laptop(two_device_engine());
  use_two_devices(phone, laptop);
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  REQUIRE(laptop.merge_state(state_of(phone)).ok());
  std::int64_t time = laptop.user().times().back();
  for (const Event& event : visits(30, 9)) REQUIRE(laptop.observe(event.item, time += 100).ok());
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  CHECK(std::ranges::equal(phone.user().taste().learned(), laptop.user().taste().learned()));
  CHECK(std::ranges::equal(phone.user().memory_weight(), laptop.user().memory_weight()));
  CHECK(phone.user().gate().weights() == laptop.user().gate().weights());
  CHECK(phone.user().gate().record().events == 230);
}

TEST_CASE("the order of events of one moment stays where one device has them all", "[personal][state]") {
  const auto merged = [](std::vector<ItemIndex> ours, std::vector<ItemIndex> theirs) {
    OwningPersonalSession phone(two_device_engine());
    OwningPersonalSession laptop(two_device_engine());
    const std::vector<std::int64_t> times(10, 1'700'000'000);
    REQUIRE(phone.recall(ours, std::span(times).first(ours.size())).ok());
    REQUIRE(laptop.recall(theirs, std::span(times).first(theirs.size())).ok());
    const auto of_phone = state_of(phone);
    REQUIRE(phone.merge_state(state_of(laptop)).ok());
    REQUIRE(laptop.merge_state(of_phone).ok());
    CHECK(state_of(phone) == state_of(laptop));
    const auto history = phone.user().state().history();
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
  OwningPersonalSession phone(two_device_engine());
  OwningPersonalSession laptop(two_device_engine());
  for (const Event& event : visits(1500, 5)) REQUIRE(phone.recall({&event.item, 1}, {&event.time, 1}).ok());
  for (const Event& event : visits(1500, 6)) {
    const std::int64_t later = event.time + 7;
    REQUIRE(laptop.recall({&event.item, 1}, {&later, 1}).ok());
  }
  const auto latest = std::max(phone.user().times().back(), laptop.user().times().back());
  REQUIRE(phone.merge_state(state_of(laptop)).ok());
  CHECK(phone.user().times().size() == sotto::history_capacity);
  CHECK(phone.user().times().back() == latest);
}

TEST_CASE("a new version of the model takes along what was learned, by the items' names", "[personal][state]") {
  // Of the same weights, so that what was learned can be of use; its items are told apart by the pairs alone.
  const sotto::Engine next(sotto::test::random_fixed_model(small(true), 5), 2);
  OwningPersonalSession before(two_device_engine());
  for (const Event& event : visits(400, 7)) REQUIRE(before.observe(event.item, event.time).ok());
  REQUIRE(before.feedback(9, FeedbackKind::not_this, 0, before.user().times().back()).ok());
  REQUIRE(before.feedback(1, FeedbackKind::not_this, 0, before.user().times().back()).ok());
  std::vector<ItemPair> pairs;
  for (ItemIndex item = 2; item < 23; ++item) pairs.push_back({item, item});  // 0 and 1 are gone
  OwningPersonalSession after(next);
  REQUIRE(after.observe(3, 5).ok());  // is replaced
  REQUIRE(after.carry_over_state(state_of(before), pairs).ok());
  while (after.relearn(16) > 0) continue;

  std::vector<ItemIndex> expected;
  for (const ItemIndex item : before.user().state().history()) {
    if (item >= 2) expected.push_back(item);
  }
  CHECK(std::ranges::equal(after.user().state().history(), expected));
  CHECK(std::ranges::equal(after.user().memory_weight(), before.user().memory_weight()));
  CHECK(after.user().gate().weights() == before.user().gate().weights());
  CHECK(after.user().gate().record().events == before.user().gate().record().events);
  CHECK(after.user().hidden().contains(9));
  CHECK(after.user().hidden().all().size() == 1);

  // It predicts the user's next events better than a device that only remembers the events.
  OwningPersonalSession afresh(next);
  REQUIRE(afresh.recall(expected, after.user().times()).ok());
  const auto record = after.user().gate().record();
  std::int64_t time = after.user().times().back();
  for (const Event& event : visits(60, 8)) {
    time += 100;
    const ItemIndex item = std::max(event.item, 2U);
    REQUIRE(after.observe(item, time).ok());
    REQUIRE(afresh.observe(item, time).ok());
  }
  CHECK(after.user().gate().record().personal_log_likelihood - record.personal_log_likelihood >
        afresh.user().gate().record().personal_log_likelihood);
}

TEST_CASE("events that wait to be learned from are taken in by slices, or before anything else happens",
          "[personal][state]") {
  const sotto::Engine next(sotto::test::random_fixed_model(small(true), 5), 2);
  OwningPersonalSession before(two_device_engine());
  for (const Event& event : visits(300, 7)) REQUIRE(before.observe(event.item, event.time).ok());
  before.set_learning(false);
  std::vector<ItemPair> pairs;
  for (ItemIndex item = 0; item < 23; ++item) pairs.push_back({item, item});
  const auto carried_over = [&](PersonalSession& session) {
    REQUIRE(session.carry_over_state(state_of(before), pairs).ok());
    CHECK(session.user().state().history().size() == 300 - 256);
  };

  OwningPersonalSession whole(next);
  carried_over(whole);
  CHECK(whole.relearn(256) == 0);
  CHECK(whole.user().state().history().size() == 300);
  CHECK(!whole.user().learning());
  OwningPersonalSession sliced(next);
  carried_over(sliced);
  CHECK(sliced.relearn(100) == 156);
  CHECK(sliced.relearn(0) == 156);
  CHECK(sliced.relearn(155) == 1);
  CHECK(sliced.relearn(155) == 0);
  CHECK(state_of(sliced) == state_of(whole));
  CHECK(sliced.relearn(1) == 0);

  const std::int64_t later = before.user().times().back() + 100;
  OwningPersonalSession interrupted(next);
  carried_over(interrupted);
  CHECK(interrupted.relearn(10) == 246);
  REQUIRE(interrupted.observe(4, later).ok());
  REQUIRE(whole.observe(4, later).ok());
  CHECK(state_of(interrupted) == state_of(whole));

  OwningPersonalSession forgotten(next);
  carried_over(forgotten);
  forgotten.reset();
  CHECK(forgotten.relearn(256) == 0);
  CHECK(state_of(forgotten) == state_of(OwningPersonalSession(next)));
}

TEST_CASE("nothing of a state that cannot be merged or carried over is taken", "[personal][state]") {
  const sotto::Engine other(sotto::test::random_fixed_model(small(true), 6), 2);
  OwningPersonalSession stranger(other);
  REQUIRE(stranger.observe(3, 5).ok());
  OwningPersonalSession session(two_device_engine());
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
