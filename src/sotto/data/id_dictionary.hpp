// Ids in the order of their first appearance. Each is stored once, and a hash table covers them.
#pragma once

#include <sotto/data/id_list.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::data {

class IdDictionary {
 public:
  IdDictionary() : slots_(first_slots) {}

  [[nodiscard]] static std::uint64_t hash(std::string_view id) noexcept;

  // Prefetches the memory that find() reads first.
  void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
  // Precondition: `hash` is hash(id).
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id, std::uint64_t hash) const noexcept {
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    for (std::size_t place = hash & (slots_.size() - 1);; place = (place + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[place];
      if (slot.index_plus_1 == 0) return std::nullopt;
      if (slot.tag == tag && slot.length == id.size() && ids_.text(slot.begin(), slot.length) == id)
        return slot.index_plus_1 - 1;
    }
  }
  // Returns the new id's index. Preconditions: the id is new and has fewer than 2^16 bytes; there are fewer than 2^32 -
  // 1 ids.
  std::uint32_t insert(std::string_view id, std::uint64_t hash);

  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  [[nodiscard]] const IdList& ids() const noexcept { return ids_; }

  // Moves the ids out. The dictionary is empty afterwards.
  [[nodiscard]] IdList release() {
    slots_ = std::vector<Slot>(first_slots);
    return std::exchange(ids_, {});
  }

 private:
  static constexpr std::size_t first_slots = 64;

  // The table uses open addressing. A slot stores the place of the id's text. Its tag avoids most reads of other ids'
  // texts, because in a table larger than the caches each read waits for memory.
  struct Slot {
    std::uint32_t index_plus_1 = 0;  // 0: free
    std::uint32_t tag = 0;
    std::uint32_t begin_low = 0;  // place in the text of all ids, 48 bits
    std::uint16_t begin_high = 0;
    std::uint16_t length = 0;

    [[nodiscard]] std::uint64_t begin() const noexcept {
      return begin_low | static_cast<std::uint64_t>(begin_high) << 32U;
    }
  };

  static void put(std::vector<Slot>& slots, Slot slot, std::size_t place) noexcept {
    while (slots[place].index_plus_1 != 0) place = (place + 1) & (slots.size() - 1);
    slots[place] = slot;
  }

  IdList ids_;
  std::vector<Slot> slots_;  // the size is a power of two
};

}  // namespace sotto::data
