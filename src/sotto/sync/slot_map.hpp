// The slot map: which item each slot of a report stands for. It is public, and part of what a task is made for.
//
// Items have the index that the model's catalogue gives them; `sotto extend` puts new ones at its end. Slots have a
// number: 0 for "nothing, or an item without a slot", then one for each item that training never saw, then for others.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto::sync {

inline constexpr std::uint32_t max_slots = 65'536;
inline constexpr std::uint32_t max_slot_map_items = 16'777'216;
inline constexpr std::uint32_t no_item = 0xffff'ffff;

// The items that get a slot, ascending, where `room` slots are to be had. training_counts: how often each item was
// chosen in training.
//
// Items that training never saw come first: without a slot, an item has no popularity until the next model. The others
// follow, those most chosen first, ties to the lower index. Where both kinds wait for room, each has half of it, so
// that a catalogue of items that nobody chooses leaves slots for the rest. Of too many items that training never saw,
// the last ones of the catalogue have a slot: they are the newest.
[[nodiscard]] std::vector<std::uint32_t> items_with_slots(std::span<const std::uint64_t> training_counts,
                                                          std::size_t room);

enum class SlotKind : std::uint8_t {
  nothing,    // slot 0
  untrained,  // an item that training never saw: its trend is a log probability
  trained,    // an item with a trained bias: its trend is a log ratio
  unused,     // no item: there are fewer items than slots
};

class SlotMap {
 public:
  // training_counts: how often each item was chosen in training. The same input gives the same map. Fails with
  // invalid_argument for fewer than 2 or more than max_slots slots, with out_of_range for too many items.
  [[nodiscard]] static Result<SlotMap> make(std::uint32_t slot_count, std::span<const std::uint64_t> training_counts);

  // The wire's form (docs/sync_protocol.md). Fails with truncated, malformed, unsupported_version or out_of_range.
  [[nodiscard]] static Result<SlotMap> decode(ByteSpan bytes);
  [[nodiscard]] Bytes encode() const;

  [[nodiscard]] std::uint32_t slot_count() const noexcept { return slot_count_; }
  [[nodiscard]] std::uint32_t item_count() const noexcept { return item_count_; }

  // Returns 0 for an item without a slot, and for an index beyond the items.
  [[nodiscard]] std::uint32_t slot_of(std::uint32_t item) const noexcept;
  // Returns no_item for slot 0, an unused slot, and a number beyond the slots.
  [[nodiscard]] std::uint32_t item_of(std::uint32_t slot) const noexcept;
  // A number beyond the slots is unused.
  [[nodiscard]] SlotKind kind_of(std::uint32_t slot) const noexcept;

  friend bool operator==(const SlotMap&, const SlotMap&) = default;

 private:
  SlotMap() = default;

  std::uint32_t slot_count_ = 0;
  std::uint32_t item_count_ = 0;
  std::vector<std::uint32_t> untrained_items_;  // each list ascends
  std::vector<std::uint32_t> trained_items_;
};

}  // namespace sotto::sync
