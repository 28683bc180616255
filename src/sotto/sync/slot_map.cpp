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

Status check_base_items(std::size_t items) {
  if (items <= max_slot_map_items) return Ok{};
  return Error{ErrorCode::out_of_range,
               std::to_string(items) + " items of the base, expected at most " + std::to_string(max_slot_map_items)};
}

Status check_ids(std::span<const std::string> ids) {
  std::vector<std::string_view> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].empty() || sorted[i].size() > max_item_id_bytes) {
      return Error{ErrorCode::malformed, "the id of an added item has " + std::to_string(sorted[i].size()) +
                                             " bytes, expected 1 to " + std::to_string(max_item_id_bytes)};
    }
    if (i > 0 && sorted[i] == sorted[i - 1]) {
      return Error{ErrorCode::malformed, "item '" + std::string(sorted[i]) + "' is added twice"};
    }
  }
  return Ok{};
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
      return Error{ErrorCode::out_of_range, "the slot map has item " + std::to_string(item) + " of a base of " +
                                                std::to_string(limit) + " items"};
    }
    if (!items.empty() && item <= items.back()) {
      return Error{ErrorCode::malformed, "the slot map's items do not ascend at item " + std::to_string(item)};
    }
    items.push_back(item);
  }
  return Ok{};
}

}  // namespace

Result<SlotMap> SlotMap::make(std::uint32_t slot_count, std::span<const std::uint64_t> training_counts,
                              std::span<const std::string> added_ids) {
  if (const Status count = check_slot_count(slot_count); !count) {
    return Error{ErrorCode::invalid_argument, count.error().detail};
  }
  if (Status items = check_base_items(training_counts.size()); !items) return std::move(items).error();
  if (added_ids.size() >= slot_count) {
    return Error{ErrorCode::out_of_range, std::to_string(added_ids.size()) + " added items do not fit into " +
                                              std::to_string(slot_count) + " slots"};
  }
  if (Status ids = check_ids(added_ids); !ids) return std::move(ids).error();

  SlotMap map;
  map.slot_count_ = slot_count;
  map.base_item_count_ = count_of(training_counts);
  map.added_ids_.assign(added_ids.begin(), added_ids.end());
  std::vector<std::uint32_t> by_count(training_counts.size());
  for (std::uint32_t item = 0; item < map.base_item_count_; ++item) by_count[item] = item;
  const std::size_t room = std::min<std::size_t>(by_count.size(), slot_count - 1 - added_ids.size());
  const auto end = by_count.begin() + static_cast<std::ptrdiff_t>(room);
  std::partial_sort(by_count.begin(), end, by_count.end(), [&](std::uint32_t a, std::uint32_t b) {
    return training_counts[a] != training_counts[b] ? training_counts[a] > training_counts[b] : a < b;
  });
  // In the order of their indices, so that the map does not publish which items sell best.
  std::sort(by_count.begin(), end);
  for (auto item = by_count.begin(); item != end; ++item) {
    (training_counts[*item] == 0 ? map.untrained_items_ : map.trained_items_).push_back(*item);
  }
  return map;
}

Bytes SlotMap::encode() const {
  Bytes bytes;
  append_text(bytes, slot_map_magic);
  for (const std::uint32_t number : {slot_map_version, slot_count_, base_item_count_, count_of(added_ids_),
                                     count_of(untrained_items_), count_of(trained_items_)}) {
    append_le(bytes, number);
  }
  for (const auto* items : {&untrained_items_, &trained_items_}) {
    for (const std::uint32_t item : *items) append_le(bytes, item);
  }
  for (const std::string& id : added_ids_) {
    append_le(bytes, static_cast<std::uint16_t>(id.size()));
    append_text(bytes, id);
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
  std::uint32_t added = 0;
  std::uint32_t untrained = 0;
  std::uint32_t trained = 0;
  for (std::uint32_t* number : {&map.slot_count_, &map.base_item_count_, &added, &untrained, &trained}) {
    if (!take_le(bytes, *number)) return Error{ErrorCode::truncated, "the slot map's header is cut off"};
  }
  if (Status count = check_slot_count(map.slot_count_); !count) return std::move(count).error();
  if (Status items = check_base_items(map.base_item_count_); !items) return std::move(items).error();
  const std::uint64_t used = std::uint64_t{added} + untrained + trained;
  if (used >= map.slot_count_) {
    return Error{ErrorCode::out_of_range, "the slot map has " + std::to_string(used) + " items for " +
                                              std::to_string(map.slot_count_) + " slots"};
  }
  if (Status taken = take_items(bytes, untrained, map.base_item_count_, map.untrained_items_); !taken) {
    return std::move(taken).error();
  }
  if (Status taken = take_items(bytes, trained, map.base_item_count_, map.trained_items_); !taken) {
    return std::move(taken).error();
  }
  for (const std::uint32_t item : map.untrained_items_) {
    if (contains_item(map.trained_items_, item)) {
      return Error{ErrorCode::malformed, "the slot map has item " + std::to_string(item) + " twice"};
    }
  }
  for (std::uint32_t i = 0; i < added; ++i) {
    std::uint16_t size = 0;
    if (!take_le(bytes, size) || bytes.size() < size) {
      return Error{ErrorCode::truncated, "the slot map's ids are cut off"};
    }
    std::string& id = map.added_ids_.emplace_back(size, '\0');
    std::transform(bytes.begin(), bytes.begin() + size, id.begin(), [](std::byte b) { return static_cast<char>(b); });
    bytes = bytes.subspan(size);
  }
  if (!bytes.empty()) return Error{ErrorCode::malformed, "the slot map has bytes beyond its end"};
  if (Status ids = check_ids(map.added_ids_); !ids) return std::move(ids).error();
  return map;
}

std::uint32_t SlotMap::slot_of(std::uint32_t item) const noexcept {
  const std::uint32_t added = count_of(added_ids_);
  if (item >= base_item_count_) return item - base_item_count_ < added ? 1 + item - base_item_count_ : 0;
  if (contains_item(untrained_items_, item)) return 1 + added + place_of_item(untrained_items_, item);
  if (contains_item(trained_items_, item))
    return 1 + added + count_of(untrained_items_) + place_of_item(trained_items_, item);
  return 0;
}

std::uint32_t SlotMap::item_of(std::uint32_t slot) const noexcept {
  const std::uint32_t first_untrained = 1 + count_of(added_ids_);
  const std::uint32_t first_trained = first_untrained + count_of(untrained_items_);
  switch (kind_of(slot)) {
    case SlotKind::added: return base_item_count_ + slot - 1;
    case SlotKind::untrained: return untrained_items_[slot - first_untrained];
    case SlotKind::trained: return trained_items_[slot - first_trained];
    case SlotKind::nothing:
    case SlotKind::unused: break;
  }
  return no_item;
}

SlotKind SlotMap::kind_of(std::uint32_t slot) const noexcept {
  if (slot == 0) return SlotKind::nothing;
  std::uint32_t end = 1 + count_of(added_ids_);
  if (slot < end) return SlotKind::added;
  end += count_of(untrained_items_);
  if (slot < end) return SlotKind::untrained;
  end += count_of(trained_items_);
  return slot < end ? SlotKind::trained : SlotKind::unused;
}

}  // namespace sotto::sync
