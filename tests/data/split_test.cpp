#include <sotto/data/event_sketch.hpp>
#include <sotto/data/split.hpp>

#include "log_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

using namespace sotto;
using data::Split;
using data::SplitKind;
using sotto::test::read_text;

namespace {

// Users with 1, 2, 3 and 4 events.
data::Interactions small_log() {
  auto log = read_text(
      "user_id,item_id,timestamp\n"
      "one,a,1\n"
      "two,a,1\ntwo,b,2\n"
      "three,a,1\nthree,b,2\nthree,c,3\n"
      "four,a,1\nfour,b,2\nfour,c,3\nfour,a,4\n");
  REQUIRE(log.ok());
  return std::move(*log);
}

// `users` with `events` each; ids start with `prefix`.
data::Interactions large_log(const std::string& prefix, int users, int events) {
  std::string text = "user_id,item_id,timestamp\n";
  for (int u = 0; u < users; ++u) {
    for (int e = 0; e < events; ++e) {
      text +=
          prefix + std::to_string(u) + ",i" + std::to_string((u * 31 + e * 17) % 101) + "," + std::to_string(e) + "\n";
    }
  }
  auto log = read_text(text);
  REQUIRE(log.ok());
  return std::move(*log);
}

}  // namespace

TEST_CASE("a final training learns from the validation's events, and the test stays held out", "[data]") {
  const auto log = large_log("u", 30, 12);
  for (const SplitKind kind : {SplitKind::leave_last_out, SplitKind::temporal, SplitKind::none}) {
    const Split split(log, kind);
    const Split learned = split.with_validation_trained();
    CHECK(learned.kind() == kind);
    CHECK(data::validation_targets(learned).empty());
    CHECK(data::test_targets(learned) == data::test_targets(split));
    std::size_t held_out = 0;
    for (std::size_t user = 0; user < log.users(); ++user) {
      held_out += learned.training_items(user).size() - split.training_items(user).size();
      CHECK(learned.training_items(user).size() + learned.test_targets(user).size() == log.items_of(user).size());
    }
    CHECK(held_out == split.record().validation_targets);
  }
}

TEST_CASE("a temporal split cuts everybody at the same two moments") {
  // Two users, an event a second in turn; the third comes late. 22 events: the last 2 are for the test.
  std::string text = "user_id,item_id,timestamp\n";
  for (int e = 0; e < 20; ++e) {
    text += "u" + std::to_string(e % 2) + ",i" + std::to_string(e) + "," + std::to_string(1000 + e) + "\n";
  }
  text += "late,i1,1018\nlate,i2,1019\n";
  auto log = read_text(text);
  REQUIRE(log.ok());
  const Split split(*log, SplitKind::temporal);
  // Times …, 1018, 1018, 1019, 1019: the last two events are those of 1019, the two before those of 1018.
  CHECK(split.training_items(0).size() == 9);
  CHECK(split.validation_targets(0).begin == 9);
  CHECK(split.validation_targets(0).end == 10);
  CHECK(split.test_targets(0).empty());
  CHECK(split.training_items(1).size() == 9);
  CHECK(split.validation_targets(1).empty());
  CHECK(split.test_targets(1).begin == 9);
  CHECK(split.training_items(2).empty());
  CHECK(split.validation_targets(2).empty());  // the first event has nothing before it
  CHECK(split.test_targets(2).begin == 1);
  CHECK(data::test_targets(split).size() == 2);
}

TEST_CASE("leave-last-out holds out the last two events of users with three or more") {
  const data::Interactions log = small_log();
  const Split split(log, SplitKind::leave_last_out);
  CHECK(split.test_targets(0).empty());
  CHECK(split.test_targets(1).empty());
  CHECK(split.validation_targets(2).begin == 1);
  CHECK(split.validation_targets(2).size() == 1);
  CHECK(split.test_targets(2).begin == 2);
  CHECK(split.test_targets(2).size() == 1);
  CHECK(split.test_targets(3).size() == 1);
  CHECK(split.training_items(0).size() == 1);
  CHECK(split.training_items(1).size() == 2);
  CHECK(split.training_items(2).size() == 1);
  CHECK(split.training_items(3).size() == 2);
  const SplitRecord record = split.record();
  CHECK(record.kind == "leave-last-out");
  CHECK(record.training_events == 6);
  CHECK(record.validation_targets == 2);
  CHECK(record.test_targets == 2);
}

TEST_CASE("split none trains on everything") {
  const data::Interactions log = small_log();
  const SplitRecord record = Split(log, SplitKind::none).record();
  CHECK(record.kind == "none");
  CHECK(record.training_events == 10);
  CHECK(record.test_targets == 0);
  CHECK(data::parse_split_kind("none") == SplitKind::none);
  CHECK(data::parse_split_kind("leave-last-out") == SplitKind::leave_last_out);
  CHECK_FALSE(data::parse_split_kind("Leave-last-out").has_value());
}

TEST_CASE("the sketch holds the smallest distinct hashes of the training events") {
  const data::Interactions log = large_log("u", 500, 10);
  const auto sketch = data::sketch_training_events(Split(log, SplitKind::leave_last_out));
  CHECK(sketch.size() == data::event_sketch_size);
  CHECK(std::ranges::is_sorted(sketch));
  CHECK(std::ranges::adjacent_find(sketch) == sketch.end());
  CHECK(data::event_hash(log, 0, 0) != data::event_hash(log, 1, 10));
}

TEST_CASE("the sketch tells targets that were trained on from those that were not") {
  const data::Interactions log = large_log("u", 500, 10);
  const Split split(log, SplitKind::leave_last_out);
  const auto held_out = data::sketch_training_events(split);
  const auto everything = data::sketch_training_events(Split(log, SplitKind::none));

  const auto clean = data::overlap_with_targets(split, held_out);
  CHECK(clean.sampled > 100);
  CHECK(clean.seen == 0);
  const auto trained = data::overlap_with_targets(split, everything);
  CHECK(trained.sampled > 100);
  CHECK(trained.seen == trained.sampled);

  const data::Interactions others = large_log("v", 500, 10);
  CHECK(data::overlap_with_targets(Split(others, SplitKind::leave_last_out), everything).seen == 0);

  // Half of the users trained on: about half of the sampled targets.
  const data::Interactions first_half = large_log("u", 250, 10);
  const auto half = data::overlap_with_targets(split, data::sketch_training_events(Split(first_half, SplitKind::none)));
  CHECK(half.seen * 10 > half.sampled * 4);
  CHECK(half.seen * 10 < half.sampled * 6);
}

TEST_CASE("a held-out repeat of a training event is another event") {
  auto log = read_text("user_id,item_id,timestamp\nu,a,1\nu,b,1\nu,a,1\n");
  REQUIRE(log.ok());
  const Split split(*log, SplitKind::leave_last_out);
  const auto overlap = data::overlap_with_targets(split, data::sketch_training_events(split));
  CHECK(overlap.sampled == 1);
  CHECK(overlap.seen == 0);
}

TEST_CASE("a sample of training sequences is spread over the users") {
  const data::Interactions log = large_log("u", 500, 10);
  const Split split(log, SplitKind::leave_last_out);
  CHECK(data::sample_training_sequences(split, 100'000).size() == 500);
  const auto some = data::sample_training_sequences(split, 500);
  CHECK(some.size() == 50);
  CHECK(some[1].data() == split.training_items(10).data());
}
