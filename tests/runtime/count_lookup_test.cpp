#include <sotto/runtime/count_lookup.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <vector>

namespace {

using sotto::CountExpert;
using sotto::ItemIndex;

// 0 → {1: 255, 2: 100}, 1 → {2: 10}, 2 → {}.
CountExpert small_expert() {
  CountExpert expert;
  expert.begin = {0, 2, 3, 3};
  expert.neighbor = {1, 2, 2};
  expert.weight = {255, 100, 10};
  expert.multiplier = {100, 7, 1};
  expert.decay.fill(1 << 14);  // a half
  expert.decay[0] = 1 << 15;
  for (std::size_t k = 0; k < expert.curve.size(); ++k) expert.curve[k] = static_cast<std::int32_t>(k) << 16;
  return expert;
}

std::map<ItemIndex, std::uint32_t> counts(const CountExpert& expert, const std::vector<ItemIndex>& events) {
  sotto::CountLookup lookup(&expert, 3);
  std::map<ItemIndex, std::uint32_t> result;
  for (const auto& [item, count] : lookup.counts(events)) CHECK(result.emplace(item, count).second);
  return result;
}

}  // namespace

TEST_CASE("counts are summed over the latest events with their decay", "[runtime][counts]") {
  const CountExpert expert = small_expert();
  CHECK(counts(expert, {}).empty());
  CHECK(counts(expert, {2}).empty());
  CHECK(counts(expert, {0}) == std::map<ItemIndex, std::uint32_t>{{1, 25'500}, {2, 10'000}});
  CHECK(counts(expert, {0, 1}) == std::map<ItemIndex, std::uint32_t>{{1, 12'750}, {2, 5'070}});
  // Only the latest sixteen are looked up.
  std::vector<ItemIndex> events(17, 2);
  events.front() = 0;
  CHECK(counts(expert, events).empty());
  events[1] = 0;
  CHECK(counts(expert, events).size() == 2);
}

TEST_CASE("the largest counts stay below the curve's end", "[runtime][counts]") {
  CountExpert expert = small_expert();
  expert.multiplier.assign(3, sotto::max_count_multiplier);
  expert.decay.fill(1 << sotto::count_decay_bits);
  const auto found = counts(expert, std::vector<ItemIndex>(16, 0));
  CHECK(found.at(1) == 16U * 255U * 65'536U);
  CHECK(found.at(1) < 1U << (sotto::count_curve_knots - 1));
  CHECK(count_bonus(expert, found.at(1)) > 27 << 16);
}

TEST_CASE("the curve is linear between powers of two", "[runtime][counts]") {
  const CountExpert expert = small_expert();
  CHECK(count_bonus(expert, 1) == 0);
  CHECK(count_bonus(expert, 2) == 1 << 16);
  CHECK(count_bonus(expert, 3) == 3 << 15);
  CHECK(count_bonus(expert, 1024) == 10 << 16);
  CHECK(count_bonus(expert, 1536) == 21 << 15);
}
