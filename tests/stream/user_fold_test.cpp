// One user's fold: the state is that of PersonalSession::feedback for each event, and repeated events are dropped.
#include "stream_model.hpp"

#include <sotto/personal/personal_session.hpp>
#include <sotto/stream/crc32c.hpp>
#include <sotto/stream/user_fold.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace sotto;
using namespace sotto::stream;
using sotto::test::StreamModel;

TEST_CASE("CRC-32C gives the values of RFC 3720") {
  CHECK(crc32c({}) == 0);
  CHECK(crc32c(std::as_bytes(std::span(std::string_view("123456789")))) == 0xe306'9283U);
  const std::vector<std::byte> zeros(32);
  CHECK(crc32c(zeros) == 0x8a91'36aaU);
}

TEST_CASE("a fold is one call of feedback for each event") {
  const StreamModel model;
  PersonalWorkspace workspace(model.personal);
  UserFold fold(model.personal);
  PersonalUser user(model.personal);
  PersonalWorkspace its_workspace(model.personal);
  PersonalSession session(model.personal, user, its_workspace);
  CHECK_FALSE(fold.latest());
  const std::vector<FoldEvent> events = {
      {3, FeedbackKind::click, 0, 1000, ""},      {4, FeedbackKind::purchase, 0, 1010, ""},
      {4, FeedbackKind::dwell, 45, 1020, ""},     {7, FeedbackKind::click, 0, 990, ""},
      {9, FeedbackKind::rating, -0.5F, 1100, ""}, {3, FeedbackKind::not_this, 0, 1200, ""}};
  for (const FoldEvent& event : events) {
    REQUIRE(fold.take(event, workspace));
    REQUIRE(session.feedback(event.item, event.kind, event.amount, event.at));
  }
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  CHECK(fold.state_crc32c(workspace) == crc32c(state));
  CHECK(fold.counts().folded == 6);
  CHECK(fold.counts().late == 1);
  CHECK(fold.latest() == 1200);

  std::vector<ScoredItem> best(5);
  REQUIRE(session.recommend(1200, {}, best) == 5);
  const auto items = fold.recommend(5, workspace);
  REQUIRE(items.size() == 5);
  for (std::size_t i = 0; i < items.size(); ++i) CHECK(items[i] == best[i].item);
  CHECK(fold.recommend(100, workspace).size() == 22);  // all but the one that the user asked not to see
}

TEST_CASE("an event is dropped if its id is among the user's latest 64 ones") {
  const StreamModel model;
  PersonalWorkspace workspace(model.personal);
  UserFold fold(model.personal);
  const auto take = [&](const std::string& id) {
    REQUIRE(fold.take({1, FeedbackKind::click, 0, 1000, id}, workspace));
  };
  for (int i = 0; i < 64; ++i) take("e" + std::to_string(i));
  const auto state = fold.state_crc32c(workspace);
  take("e0");
  take("e63");
  CHECK(fold.counts().folded == 64);
  CHECK(fold.counts().repeated == 2);
  CHECK(fold.state_crc32c(workspace) == state);
  take("e64");  // e0 leaves the window
  take("e0");
  CHECK(fold.counts().folded == 66);
  take("");  // without an id nothing is known to be repeated
  take("");
  CHECK(fold.counts().folded == 68);
  CHECK(fold.counts().repeated == 2);
}

TEST_CASE("an event that the session refuses changes nothing, and its id is not remembered") {
  const StreamModel model;
  PersonalWorkspace workspace(model.personal);
  UserFold fold(model.personal);
  REQUIRE(fold.take({1, FeedbackKind::click, 0, 1000, "a"}, workspace));
  const auto state = fold.state_crc32c(workspace);
  CHECK(fold.take({1, FeedbackKind::rating, 1.5F, 1001, "b"}, workspace).error().code == ErrorCode::invalid_argument);
  CHECK(fold.take({23, FeedbackKind::click, 0, 1001, "b"}, workspace).error().code == ErrorCode::unknown_item);
  CHECK(fold.state_crc32c(workspace) == state);
  CHECK(fold.latest() == 1000);
  REQUIRE(fold.take({1, FeedbackKind::click, 0, 1001, "b"}, workspace));
  CHECK(fold.counts().folded == 2);
}
