// What is stored between batches, and what is made of a batch's histogram.
#include <sotto/aggregate/release.hpp>
#include <sotto/aggregate/trend_state_bytes.hpp>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace sotto;
using namespace sotto::aggregate;

constexpr std::uint32_t release_slots = 8;

// Six items: the last one has no training event.
SyncModel small_shop() {
  const std::vector<std::uint64_t> counts = {50, 20, 10, 10, 10, 0};
  auto slots = sync::SlotMap::make(release_slots, counts);
  REQUIRE(slots.ok());
  SyncModel model{
      "shop", 7, std::move(slots).value(), std::vector<double>(release_slots), {"a", "b", "c", "d", "e", "f"}};
  for (std::uint32_t slot = 1; slot < release_slots; ++slot) {
    const std::uint32_t item = model.slots.item_of(slot);
    if (item < counts.size()) model.expected[slot] = static_cast<double>(counts[item]) / 100;
  }
  return model;
}

std::uint32_t slot_of(const SyncModel& model, const std::string& id) {
  for (std::uint32_t item = 0; item < model.item_ids.size(); ++item) {
    if (model.item_ids[item] == id) return model.slots.slot_of(item);
  }
  return 0;
}

// 1,000 reports: "f" is wanted by many, "a" by few.
std::vector<std::int64_t> drifted(const SyncModel& model) {
  std::vector<std::int64_t> histogram(release_slots);
  histogram[slot_of(model, "a")] = 100;
  histogram[slot_of(model, "b")] = 200;
  histogram[slot_of(model, "c")] = 100;
  histogram[slot_of(model, "d")] = 100;
  histogram[slot_of(model, "e")] = 100;
  histogram[slot_of(model, "f")] = 400;
  return histogram;
}

store::Release released(const SyncModel& model, const std::optional<store::Release>& previous) {
  const auto histogram = drifted(model);
  auto release = make_release({{}, {}, 1000, 1000, histogram, 99}, model, previous);
  REQUIRE(release.ok());
  return std::move(release).value();
}

}  // namespace

TEST_CASE("release: the trend follows the histogram, and is legal for its slots") {
  const SyncModel model = small_shop();
  const store::Release release = released(model, std::nullopt);
  CHECK(release.version == 1);
  const auto file = sync::TrendFile::decode(release.trend_file);
  REQUIRE(file.ok());
  CHECK(sync::check_trend(*file, model.slots, slots_fingerprint_of(model)));
  CHECK(file->values[0] == 0);
  CHECK(file->values[slot_of(model, "a")] < -sync::trend_units_per_nat);
  CHECK(file->values[slot_of(model, "b")] == 0);
  // The log of about 0.4, in units of 1/1024 nat; the rule takes off what may be chance.
  CHECK(file->values[slot_of(model, "f")] > -1100);
  CHECK(file->values[slot_of(model, "f")] < -938);
  // Nothing has tested the trend yet.
  CHECK(prior_of(release) == 0);
  const auto figures = nlohmann::json::parse(release.figures, nullptr, false);
  REQUIRE(figures.is_object());
  CHECK(figures["changes"][0]["item"] == "f");
  CHECK(decode_histogram(release.histogram) == drifted(model));
}

TEST_CASE("release: changes have titles, and are of items alone") {
  SyncModel model = small_shop();
  model.item_titles = {"Ash", "Birch", "Cedar", "Date", "Elm", "Fig"};
  auto histogram = drifted(model);
  const std::uint32_t unused = release_slots - 1;
  REQUIRE(model.slots.kind_of(unused) == sync::SlotKind::unused);
  histogram[unused] = 500;  // noise may be anywhere
  const auto release = make_release({{}, {}, 1000, 1000, histogram, 99}, model, std::nullopt);
  REQUIRE(release.ok());
  const auto figures = nlohmann::json::parse(release->figures, nullptr, false);
  REQUIRE(!figures["changes"].empty());
  CHECK(figures["changes"][0]["title"] == "Fig");
  for (const auto& change : figures["changes"]) CHECK(change["slot"] != unused);
}

TEST_CASE("release: a second batch like the first gives the trend a prior") {
  const SyncModel model = small_shop();
  const store::Release first = released(model, std::nullopt);
  const store::Release second = released(model, first);
  CHECK(second.version == 2);
  CHECK(prior_of(second) > 0.5);
}

TEST_CASE("release: a trend of another slot map is not carried on") {
  const SyncModel model = small_shop();
  auto other = small_shop();
  auto slots = sync::SlotMap::make(release_slots, std::vector<std::uint64_t>{0, 20, 10, 10, 10, 50});
  REQUIRE(slots.ok());
  other.slots = std::move(slots).value();
  const store::Release after_other = released(model, released(other, std::nullopt));
  CHECK(after_other.version == 2);
  CHECK(after_other.trend_state == released(model, std::nullopt).trend_state);
  CHECK(make_rollback(after_other, 3, {}, other, 5).error().code == ErrorCode::mismatch);
}

TEST_CASE("release: a rollback has the earlier trend and state, and the next version") {
  const SyncModel model = small_shop();
  const store::Release first = released(model, std::nullopt);
  const auto rollback = make_rollback(first, 5, {}, model, 42);
  REQUIRE(rollback.ok());
  CHECK(rollback->version == 5);
  CHECK(rollback->trend_state == first.trend_state);
  const auto earlier = sync::TrendFile::decode(first.trend_file);
  const auto again = sync::TrendFile::decode(rollback->trend_file);
  REQUIRE(again.ok());
  CHECK(again->version == 5);
  CHECK(again->values == earlier->values);

  const auto none = make_rollback(std::nullopt, 6, {}, model, 42);
  REQUIRE(none.ok());
  const auto empty = sync::TrendFile::decode(none->trend_file);
  REQUIRE(empty.ok());
  CHECK(sync::check_trend(*empty, model.slots, slots_fingerprint_of(model)));
  CHECK(empty->values[slot_of(model, "a")] == 0);
  CHECK(empty->values[slot_of(model, "f")] == sync::trend_zero_probability);
}

TEST_CASE("trend state: bytes come back as they were, and damaged ones are refused") {
  sync::TrendState state;
  state.counts = {0, 1.5, -2};
  state.noise_variance = 3;
  state.reports = 4;
  state.log_ratio = {0, 0.25F, -1};
  state.gain_sum = 5;
  const auto bytes = encode_trend_state(state);
  const auto again = decode_trend_state(bytes);
  REQUIRE(again.ok());
  CHECK(encode_trend_state(*again) == bytes);
  CHECK(again->counts == state.counts);
  CHECK(again->log_ratio == state.log_ratio);
  CHECK(decode_trend_state({}).ok());
  for (std::size_t size = 1; size < bytes.size(); ++size)
    CHECK_FALSE(decode_trend_state(std::span(bytes).first(size)).ok());
  auto other_version = bytes;
  other_version[0] = std::byte{2};
  CHECK(decode_trend_state(other_version).error().code == ErrorCode::unsupported_version);
  auto many_slots = bytes;
  many_slots[15] = std::byte{0xff};
  CHECK(decode_trend_state(many_slots).error().code == ErrorCode::malformed);
  auto not_finite = bytes;
  for (std::size_t n = 64; n < 72; ++n) not_finite[n] = std::byte{0xff};
  CHECK(decode_trend_state(not_finite).error().code == ErrorCode::malformed);
}
