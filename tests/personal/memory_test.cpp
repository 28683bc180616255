#include <sotto/base/random.hpp>
#include <sotto/personal/event_times.hpp>
#include <sotto/personal/memory_lookup.hpp>
#include <sotto/runtime/history.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

namespace {

using sotto::ItemIndex;
using sotto::MemoryFeature;

constexpr std::int64_t one_day = 86'400;

// Of a model that holds nothing likelier than anything else.
const std::vector<float> expected(40, 1.0F / 40);

// A user's past beside what looks at it.
class Memory {
 public:
  explicit Memory(std::uint32_t items) : lookup_(items) {}

  void observe(ItemIndex item, std::int64_t time) {
    events_.observe(item);
    times_.observe(time);
  }
  void clear() {
    events_.clear();
    times_.clear();
  }
  void assign(std::span<const ItemIndex> events, std::span<const std::int64_t> times) {
    events_.assign(events);
    times_.assign(times);
  }
  [[nodiscard]] std::span<const ItemIndex> events() const { return events_.events(); }
  [[nodiscard]] std::span<const std::int64_t> times() const { return times_.all(); }
  [[nodiscard]] std::span<const sotto::MemoryEvidence> evidence(std::int64_t now,
                                                                std::span<const float> probabilities) {
    return lookup_.evidence({events(), times()}, now, probabilities);
  }

 private:
  sotto::History events_;
  sotto::EventTimes times_;
  sotto::MemoryLookup lookup_;
};

const sotto::MemoryEvidence& of_item(std::span<const sotto::MemoryEvidence> all, ItemIndex item) {
  const auto found = std::ranges::find(all, item, &sotto::MemoryEvidence::item);
  REQUIRE(found != all.end());
  return *found;
}

// The bucket, and whether the weight is one of a visit's beginning.
std::size_t bucket(const sotto::MemoryEvidence& evidence, MemoryFeature feature, bool beginning) {
  const auto f = static_cast<std::size_t>(feature);
  return evidence.weight[f] - sotto::memory_weight_begin[f] - (beginning ? sotto::memory_weights_of_moment : 0);
}

}  // namespace

TEST_CASE("nothing is remembered of nobody", "[personal][memory]") {
  Memory memory(5);
  CHECK(memory.evidence(0, expected).empty());
  memory.observe(3, 100);
  CHECK(memory.evidence(100, expected).size() == 1);
  memory.clear();
  CHECK(memory.evidence(100, expected).empty());
}

TEST_CASE("an item bought every ten days is due after ten days", "[personal][memory]") {
  Memory memory(5);
  for (int visit = 0; visit < 4; ++visit) {
    memory.observe(1, visit * 10 * one_day);
    memory.observe(2, visit * 10 * one_day + 60);
  }
  memory.observe(3, 30 * one_day + 120);
  const auto rhythm_after = [&](std::int64_t days) {
    return bucket(of_item(memory.evidence((30 + days) * one_day, expected), 1), MemoryFeature::rhythm, true);
  };
  CHECK(rhythm_after(1) == 1);   // less than 0.21 of the interval
  CHECK(rhythm_after(10) == 6);  // 0.84 … 1.19: the middle one
  CHECK(rhythm_after(40) == 10);  // more than 3.4
  const auto evidence = memory.evidence(40 * one_day, expected);
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::rhythm, true) == 0);  // one visit has no rhythm
  CHECK(bucket(of_item(evidence, 1), MemoryFeature::visit_share, true) == 8);
  CHECK(bucket(of_item(evidence, 1), MemoryFeature::visits, true) == 5 * 3 + 1);
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::visits, true) == 5 * 1 + 1);
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::age, true) == 0);
  CHECK(bucket(of_item(evidence, 2), MemoryFeature::age, true) == 1);
}

TEST_CASE("within a visit the memory knows what went together and in which order", "[personal][memory]") {
  Memory memory(9);
  std::int64_t time = 0;
  for (const ItemIndex item : {1U, 2U, 3U, 4U}) memory.observe(item, time += 10);
  time += 5 * one_day;
  for (const ItemIndex item : {7U, 8U}) memory.observe(item, time += 10);
  time += 5 * one_day;
  for (const ItemIndex item : {1U, 2U}) memory.observe(item, time += 10);

  const auto evidence = memory.evidence(time + 10, expected);
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::follows, false) == 1);
  CHECK(bucket(of_item(evidence, 4), MemoryFeature::follows, false) == 0);
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::sequence, false) >
        bucket(of_item(evidence, 4), MemoryFeature::sequence, false));
  CHECK(bucket(of_item(evidence, 4), MemoryFeature::sequence, false) > 0);
  CHECK(bucket(of_item(evidence, 7), MemoryFeature::sequence, false) == 0);
  // The first visit had two items of this one.
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::company, false) == 2);
  CHECK(bucket(of_item(evidence, 7), MemoryFeature::company, false) == 0);
  CHECK(bucket(of_item(evidence, 2), MemoryFeature::elapsed, false) == 0);
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::visit_length, false) == 2);
  // The last two events repeated something, the third latest is outside the visit.
  CHECK(bucket(of_item(evidence, 3), MemoryFeature::latest_events, false) == 2 + 3 * 2);
  // Half an hour later a new visit begins, and what belongs to the old one no longer counts.
  const auto later = memory.evidence(time + sotto::visit_gap_seconds, expected);
  CHECK(bucket(of_item(later, 3), MemoryFeature::sequence, true) == 0);
  CHECK(bucket(of_item(later, 3), MemoryFeature::visit_length, true) == 0);
}

TEST_CASE("the memory looks at how likely the model holds an item itself", "[personal][memory]") {
  Memory memory(5);
  for (const ItemIndex item : {0U, 1U, 2U, 3U, 4U}) memory.observe(item, 10);
  const std::vector<float> probabilities{0.9F, 0.25F, 0.2F, 1e-30F, 0.0F};
  const auto evidence = memory.evidence(10, probabilities);
  const auto halvings = [&](ItemIndex item) { return bucket(of_item(evidence, item), MemoryFeature::expected, false); };
  CHECK(halvings(0) == 0);
  CHECK(halvings(1) == 1);
  CHECK(halvings(2) == 2);
  CHECK(halvings(3) == 19);
  CHECK(halvings(4) == 19);
}

TEST_CASE("any history and any clock stay within the weights", "[personal][memory]") {
  sotto::Random random(5);
  Memory memory(40);
  std::int64_t time = 1'700'000'000;
  for (int event = 0; event < 3000; ++event) {
    const std::uint32_t kind = random.below(10);
    time += kind == 0   ? std::int64_t{random.below(1'000'000'000)}
            : kind == 1 ? -std::int64_t{random.below(100'000)}
                        : std::int64_t{random.below(600)};
    memory.observe(random.below(kind == 2 ? 40 : 6), time);
    if (event % 7 != 0) continue;
    for (const auto& evidence : memory.evidence(time + std::int64_t{random.below(4000)} - 2000, expected)) {
      for (std::size_t f = 0; f < sotto::memory_features; ++f) {
        const std::size_t begin =
            evidence.weight[f] >= sotto::memory_weights_of_moment ? sotto::memory_weights_of_moment : 0;
        REQUIRE(evidence.weight[f] >= begin + sotto::memory_weight_begin[f]);
        REQUIRE(evidence.weight[f] < begin + sotto::memory_weight_begin[f] + sotto::memory_buckets[f]);
      }
    }
  }
  CHECK(memory.events().size() == sotto::history_capacity);
  CHECK(std::ranges::is_sorted(memory.times()));
}

TEST_CASE("an assigned memory says what the original says", "[personal][memory]") {
  sotto::Random random(6);
  Memory original(30);
  std::int64_t time = 0;
  for (int event = 0; event < 1500; ++event) original.observe(random.below(30), time += random.below(3000));
  Memory copy(30);
  copy.assign(original.events(), original.times());
  const auto evidence = original.evidence(time, expected);
  const auto of_copy = copy.evidence(time, expected);
  REQUIRE(evidence.size() == of_copy.size());
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    CHECK(evidence[i].item == of_copy[i].item);
    CHECK(evidence[i].weight == of_copy[i].weight);
  }
}
