// The slot map: which item each slot of a report stands for. It is public, and part of what a task is made for.
//
// Items have an index: first the base model's, as in its catalogue, then those added since, in the order of
// `added_ids`. Slots have a number: 0 for "nothing, or an item without a slot", then one for each added item, then for
// base items.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sotto::sync {

inline constexpr std::uint32_t max_slots = 65'536;
inline constexpr std::uint32_t max_slot_map_items = 16'777'216;  // of the base
inline constexpr std::size_t max_item_id_bytes = 1024;
inline constexpr std::uint32_t no_item = 0xffff'ffff;

enum class SlotKind : std::uint8_t {
  nothing,    // slot 0
  added,      // an item that the base does not have: its trend is a log probability
  untrained,  // a base item that training never saw: likewise
  trained,    // a base item with a trained bias: its trend is a log ratio
  unused,     // no item: there are fewer items than slots
};

class SlotMap {
 public:
  // training_counts: how often each base item was chosen in training. added_ids: ids of the items added since. Slots
  // that are left over go to the items most chosen, ties to the lower index. The same input gives the same map. Fails
  // with invalid_argument for fewer than 2 or more than max_slots slots, with out_of_range for more added items than
  // slots or too many base items, with malformed for an id that is empty, too long or given twice.
  [[nodiscard]] static Result<SlotMap> make(std::uint32_t slot_count, std::span<const std::uint64_t> training_counts,
                                            std::span<const std::string> added_ids);

  // The wire's form (docs/sync_protocol.md). Fails with truncated, malformed, unsupported_version or out_of_range.
  [[nodiscard]] static Result<SlotMap> decode(ByteSpan bytes);
  [[nodiscard]] Bytes encode() const;

  [[nodiscard]] std::uint32_t slot_count() const noexcept { return slot_count_; }
  [[nodiscard]] std::uint32_t base_item_count() const noexcept { return base_item_count_; }
  // The base's items and the added ones.
  [[nodiscard]] std::uint32_t item_count() const noexcept {
    return base_item_count_ + static_cast<std::uint32_t>(added_ids_.size());
  }
  [[nodiscard]] std::span<const std::string> added_ids() const noexcept { return added_ids_; }

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
  std::uint32_t base_item_count_ = 0;
  std::vector<std::string> added_ids_;
  std::vector<std::uint32_t> untrained_items_;  // each list ascends
  std::vector<std::uint32_t> trained_items_;
};

}  // namespace sotto::sync
