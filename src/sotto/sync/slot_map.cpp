#include <sotto/sync/slot_map.hpp>

#include <sotto/sync/internal/little_endian.hpp>

#include <algorithm>
#include <string_view>

namespace sotto::sync {
namespace {

constexpr std::string_view slot_map_magic = "STSM";
constexpr std::uint32_t slot_map_version = 1;

Status check_slot_count(std::uint32_t slot_count) {
  if (slot_count >= 2 && slot_count <= max_slots) return Ok{};
  return Error{ErrorCode::out_of_range, std::to_string(slot_count) + " slots, expected 2 to 65,536"};
}

Status check_item_count(std::size_t items) {
  if (items <= max_slot_map_items) return Ok{};
  return Error{ErrorCode::out_of_range,
               std::to_string(items) + " items, expected at most " + std::to_string(max_slot_map_items)};
}

bool contains_item(std::span<const std::uint32_t> ascending, std::uint32_t item) {
  return std::binary_search(ascending.begin(), ascending.end(), item);
}

std::uint32_t place_of_item(std::span<const std::uint32_t> ascending, std::uint32_t item) {
  return static_cast<std::uint32_t>(std::lower_bound(ascending.begin(), ascending.end(), item) - ascending.begin());
}

std::uint32_t count_of(const auto& list) { return static_cast<std::uint32_t>(list.size()); }

// Items that ascend strictly and lie below the limit.
Status take_items(ByteSpan& bytes, std::uint32_t count, std::uint32_t limit, std::vector<std::uint32_t>& items) {
  if (bytes.size() / sizeof(std::uint32_t) < count)
    return Error{ErrorCode::truncated, "the slot map's items are cut off"};
  items.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t item = 0;
    if (!take_le(bytes, item)) return Error{ErrorCode::truncated, "the slot map's items are cut off"};
    if (item >= limit) {
      return Error{ErrorCode::out_of_range,
                   "the slot map has item " + std::to_string(item) + " of " + std::to_string(limit)};
    }
    if (!items.empty() && item <= items.back()) {
      return Error{ErrorCode::malformed, "the slot map's items do not ascend at item " + std::to_string(item)};
    }
    items.push_back(item);
  }
  return Ok{};
}

}  // namespace

std::vector<std::uint32_t> items_with_slots(std::span<const std::uint64_t> training_counts, std::size_t room) {
  std::vector<std::uint32_t> untrained;
  std::vector<std::uint32_t> trained;
  for (std::size_t item = 0; item < training_counts.size(); ++item) {
    (training_counts[item] == 0 ? untrained : trained).push_back(static_cast<std::uint32_t>(item));
  }
  const std::size_t trained_room = std::min(trained.size(), room - std::min(untrained.size(), room / 2));
  const std::size_t untrained_room = std::min(untrained.size(), room - trained_room);
  const auto end = trained.begin() + static_cast<std::ptrdiff_t>(trained_room);
  std::partial_sort(trained.begin(), end, trained.end(), [&](std::uint32_t a, std::uint32_t b) {
    return training_counts[a] != training_counts[b] ? training_counts[a] > training_counts[b] : a < b;
  });
  std::vector<std::uint32_t> items(trained.begin(), end);
  items.insert(items.end(), untrained.end() - static_cast<std::ptrdiff_t>(untrained_room), untrained.end());
  // In the order of their indices, so that the map does not publish which items sell best.
  std::sort(items.begin(), items.end());
  return items;
}

Result<SlotMap> SlotMap::make(std::uint32_t slot_count, std::span<const std::uint64_t> training_counts) {
  if (const Status count = check_slot_count(slot_count); !count) {
    return Error{ErrorCode::invalid_argument, count.error().detail};
  }
  if (Status items = check_item_count(training_counts.size()); !items) return std::move(items).error();
  SlotMap map;
  map.slot_count_ = slot_count;
  map.item_count_ = count_of(training_counts);
  for (const std::uint32_t item : items_with_slots(training_counts, slot_count - 1)) {
    (training_counts[item] == 0 ? map.untrained_items_ : map.trained_items_).push_back(item);
  }
  return map;
}

Bytes SlotMap::encode() const {
  Bytes bytes;
  append_text(bytes, slot_map_magic);
  for (const std::uint32_t number :
       {slot_map_version, slot_count_, item_count_, count_of(untrained_items_), count_of(trained_items_)}) {
    append_le(bytes, number);
  }
  for (const auto* items : {&untrained_items_, &trained_items_}) {
    for (const std::uint32_t item : *items) append_le(bytes, item);
  }
  return bytes;
}

Result<SlotMap> SlotMap::decode(ByteSpan bytes) {
  std::uint32_t version = 0;
  if (!take_magic(bytes, slot_map_magic)) return Error{ErrorCode::malformed, "the bytes are no slot map"};
  if (!take_le(bytes, version)) return Error{ErrorCode::truncated, "the slot map's header is cut off"};
  if (version != slot_map_version) {
    return Error{ErrorCode::unsupported_version, "the slot map has version " + std::to_string(version)};
  }
  SlotMap map;
  std::uint32_t untrained = 0;
  std::uint32_t trained = 0;
  for (std::uint32_t* number : {&map.slot_count_, &map.item_count_, &untrained, &trained}) {
    if (!take_le(bytes, *number)) return Error{ErrorCode::truncated, "the slot map's header is cut off"};
  }
  if (Status count = check_slot_count(map.slot_count_); !count) return std::move(count).error();
  if (Status items = check_item_count(map.item_count_); !items) return std::move(items).error();
  const std::uint64_t used = std::uint64_t{untrained} + trained;
  if (used >= map.slot_count_) {
    return Error{ErrorCode::out_of_range, "the slot map has " + std::to_string(used) + " items for " +
                                              std::to_string(map.slot_count_) + " slots"};
  }
  if (Status taken = take_items(bytes, untrained, map.item_count_, map.untrained_items_); !taken) {
    return std::move(taken).error();
  }
  if (Status taken = take_items(bytes, trained, map.item_count_, map.trained_items_); !taken) {
    return std::move(taken).error();
  }
  for (const std::uint32_t item : map.untrained_items_) {
    if (contains_item(map.trained_items_, item)) {
      return Error{ErrorCode::malformed, "the slot map has item " + std::to_string(item) + " twice"};
    }
  }
  if (!bytes.empty()) return Error{ErrorCode::malformed, "the slot map has bytes beyond its end"};
  return map;
}

std::uint32_t SlotMap::slot_of(std::uint32_t item) const noexcept {
  if (contains_item(untrained_items_, item)) return 1 + place_of_item(untrained_items_, item);
  if (contains_item(trained_items_, item)) return 1 + count_of(untrained_items_) + place_of_item(trained_items_, item);
  return 0;
}

std::uint32_t SlotMap::item_of(std::uint32_t slot) const noexcept {
  switch (kind_of(slot)) {
    case SlotKind::untrained: return untrained_items_[slot - 1];
    case SlotKind::trained: return trained_items_[slot - 1 - count_of(untrained_items_)];
    case SlotKind::nothing:
    case SlotKind::unused: break;
  }
  return no_item;
}

SlotKind SlotMap::kind_of(std::uint32_t slot) const noexcept {
  if (slot == 0) return SlotKind::nothing;
  std::uint32_t end = 1 + count_of(untrained_items_);
  if (slot < end) return SlotKind::untrained;
  end += count_of(trained_items_);
  return slot < end ? SlotKind::trained : SlotKind::unused;
}

}  // namespace sotto::sync
