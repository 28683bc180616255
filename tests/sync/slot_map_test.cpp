#include "../support/hex.hpp"

#include <sotto/sync/slot_map.hpp>

#include <catch2/catch_test_macros.hpp>

namespace sotto::sync {
namespace {

const std::vector<std::uint64_t> shop_counts{5, 0, 9, 5, 1, 9};

SlotMap shop_map(std::uint32_t slots) {
  auto map = SlotMap::make(slots, shop_counts);
  REQUIRE(map.ok());
  return std::move(*map);
}

TEST_CASE("items that training never saw come first, then the most chosen ones, ties to the lower index") {
  const SlotMap map = shop_map(5);
  CHECK(map.item_count() == 6);
  CHECK(map.slot_of(1) == 1);  // never chosen
  CHECK(map.slot_of(0) == 2);  // 5 choices, before item 3 with as many
  CHECK(map.slot_of(2) == 3);
  CHECK(map.slot_of(5) == 4);
  for (const std::uint32_t item : {3U, 4U, 6U, no_item}) CHECK(map.slot_of(item) == 0);
  CHECK(map.item_of(0) == no_item);
  CHECK(map.item_of(1) == 1);
  CHECK(map.item_of(4) == 5);
  CHECK(map.item_of(5) == no_item);
}

TEST_CASE("where both kinds of items wait for room, each has half of it, and the newest are kept") {
  using Items = std::vector<std::uint32_t>;
  const std::vector<std::uint64_t> counts{0, 3, 0, 2, 0, 1, 0};
  CHECK(items_with_slots(counts, 4) == Items{1, 3, 4, 6});
  CHECK(items_with_slots(counts, 5) == Items{1, 3, 4, 5, 6});
  CHECK(items_with_slots(counts, 6) == Items{1, 2, 3, 4, 5, 6});
  CHECK(items_with_slots(counts, 1) == Items{1});
  CHECK(items_with_slots(counts, 100).size() == counts.size());
  CHECK(items_with_slots(std::vector<std::uint64_t>{0, 0, 0}, 2) == Items{1, 2});
  CHECK(items_with_slots(std::vector<std::uint64_t>{1, 2, 0}, 2) == Items{1, 2});
  CHECK(items_with_slots({}, 2).empty());
}

TEST_CASE("slots have kinds, and may be left over") {
  const SlotMap map = shop_map(16);
  CHECK(map.kind_of(0) == SlotKind::nothing);
  CHECK(map.kind_of(1) == SlotKind::untrained);
  CHECK(map.item_of(1) == 1);
  CHECK(map.kind_of(2) == SlotKind::trained);
  CHECK(map.kind_of(6) == SlotKind::trained);
  CHECK(map.kind_of(7) == SlotKind::unused);
  CHECK(map.kind_of(99) == SlotKind::unused);
  for (std::uint32_t item = 0; item < map.item_count(); ++item) {
    CHECK(map.slot_of(item) != 0);
    CHECK(map.item_of(map.slot_of(item)) == item);
  }
}

TEST_CASE("a slot map has its pinned bytes and comes back from them") {
  const SlotMap map = shop_map(5);
  const Bytes bytes = map.encode();
  CHECK(test::to_hex(bytes) ==
        "5354534d"
        "01000000"
        "05000000"
        "06000000"
        "01000000"
        "03000000"
        "01000000000000000200000005000000");
  const auto decoded = SlotMap::decode(bytes);
  REQUIRE(decoded.ok());
  CHECK(*decoded == map);
}

TEST_CASE("a slot map that is cut off or changed is refused") {
  const Bytes bytes = shop_map(16).encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(SlotMap::decode(ByteSpan(bytes).first(size)).ok());
  }
  const auto changed = [&](std::size_t place, int value) {
    Bytes copy = bytes;
    copy[place] = static_cast<std::byte>(value);
    const auto decoded = SlotMap::decode(copy);
    return decoded.ok() ? ErrorCode{} : decoded.error().code;
  };
  CHECK(changed(0, 'X') == ErrorCode::malformed);
  CHECK(changed(4, 2) == ErrorCode::unsupported_version);
  CHECK(changed(8, 1) == ErrorCode::out_of_range);    // slots
  CHECK(changed(8, 6) == ErrorCode::out_of_range);    // fewer slots than items
  CHECK(changed(12, 5) == ErrorCode::out_of_range);   // item 5 of a base of 5
  CHECK(changed(24, 0) == ErrorCode::malformed);      // the untrained item is a trained one too
  CHECK(changed(32, 0) == ErrorCode::malformed);      // trained items that do not ascend
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  CHECK(SlotMap::decode(longer).error().code == ErrorCode::malformed);
}

TEST_CASE("what does not fit into a slot map is refused") {
  CHECK(SlotMap::make(1, shop_counts).error().code == ErrorCode::invalid_argument);
  CHECK(SlotMap::make(max_slots + 1, shop_counts).error().code == ErrorCode::invalid_argument);
  CHECK(SlotMap::make(2, shop_counts).ok());
  CHECK(SlotMap::make(max_slots, shop_counts).ok());
}

}  // namespace
}  // namespace sotto::sync
