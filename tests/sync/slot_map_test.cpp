#include "../support/hex.hpp"

#include <sotto/sync/slot_map.hpp>

#include <catch2/catch_test_macros.hpp>

namespace sotto::sync {
namespace {

const std::vector<std::uint64_t> shop_counts{5, 0, 9, 5, 1, 9};
const std::vector<std::string> shop_added{"new-b", "new-a"};

SlotMap shop_map(std::uint32_t slots) {
  auto map = SlotMap::make(slots, shop_counts, shop_added);
  REQUIRE(map.ok());
  return std::move(*map);
}

TEST_CASE("added items come first, then the most chosen ones, ties to the lower index") {
  const SlotMap map = shop_map(6);  // two for added items, three for the base
  CHECK(map.item_count() == 8);
  CHECK(map.slot_of(6) == 1);
  CHECK(map.slot_of(7) == 2);
  CHECK(map.slot_of(0) == 3);  // 5 choices, before item 3 with as many
  CHECK(map.slot_of(2) == 4);
  CHECK(map.slot_of(5) == 5);
  for (const std::uint32_t item : {1U, 3U, 4U, 8U, no_item}) CHECK(map.slot_of(item) == 0);
  CHECK(map.item_of(0) == no_item);
  CHECK(map.item_of(1) == 6);
  CHECK(map.item_of(5) == 5);
  CHECK(map.item_of(6) == no_item);
}

TEST_CASE("items that training never saw are slots of their own kind, and slots may be left over") {
  const SlotMap map = shop_map(16);
  CHECK(map.kind_of(0) == SlotKind::nothing);
  CHECK(map.kind_of(2) == SlotKind::added);
  CHECK(map.kind_of(3) == SlotKind::untrained);
  CHECK(map.item_of(3) == 1);
  CHECK(map.kind_of(4) == SlotKind::trained);
  CHECK(map.kind_of(8) == SlotKind::trained);
  CHECK(map.kind_of(9) == SlotKind::unused);
  CHECK(map.kind_of(99) == SlotKind::unused);
  for (std::uint32_t item = 0; item < map.item_count(); ++item) {
    CHECK(map.slot_of(item) != 0);
    CHECK(map.item_of(map.slot_of(item)) == item);
  }
}

TEST_CASE("a slot map has its pinned bytes and comes back from them") {
  const SlotMap map = shop_map(8);
  const Bytes bytes = map.encode();
  CHECK(test::to_hex(bytes) ==
        "5354534d"
        "01000000"
        "08000000"
        "06000000"
        "02000000"
        "00000000"
        "05000000"
        "0000000002000000030000000400000005000000"
        "05006e65772d62"
        "05006e65772d61");
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
  CHECK(changed(8, 8) == ErrorCode::out_of_range);    // fewer slots than items
  CHECK(changed(12, 5) == ErrorCode::out_of_range);   // item 5 of a base of 5
  CHECK(changed(28, 0) == ErrorCode::malformed);      // the untrained item is a trained one too
  CHECK(changed(36, 0) == ErrorCode::malformed);      // trained items that do not ascend
  CHECK(changed(bytes.size() - 1, 'b') == ErrorCode::malformed);  // an item added twice
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  CHECK(SlotMap::decode(longer).error().code == ErrorCode::malformed);
}

TEST_CASE("what does not fit into a slot map is refused") {
  CHECK(SlotMap::make(1, shop_counts, {}).error().code == ErrorCode::invalid_argument);
  CHECK(SlotMap::make(max_slots + 1, shop_counts, {}).error().code == ErrorCode::invalid_argument);
  CHECK(SlotMap::make(2, shop_counts, shop_added).error().code == ErrorCode::out_of_range);
  CHECK(SlotMap::make(3, shop_counts, shop_added).ok());
  const std::vector<std::string> twice{"a", "a"};
  CHECK(SlotMap::make(9, shop_counts, twice).error().code == ErrorCode::malformed);
  const std::vector<std::string> empty{""};
  CHECK(SlotMap::make(9, shop_counts, empty).error().code == ErrorCode::malformed);
  const std::vector<std::string> long_id{std::string(max_item_id_bytes + 1, 'a')};
  CHECK(SlotMap::make(9, shop_counts, long_id).error().code == ErrorCode::malformed);
}

}  // namespace
}  // namespace sotto::sync
