#include <sotto/base/hash.hpp>
#include <sotto/data/id_dictionary.hpp>

#include <span>

namespace sotto::data {

std::uint64_t IdDictionary::hash(std::string_view id) noexcept { return xxh64(std::as_bytes(std::span(id))); }

std::uint32_t IdDictionary::insert(std::string_view id, std::uint64_t hash_of_id) {
  const auto place_of = [](std::uint64_t hash, const std::vector<Slot>& slots) { return hash & (slots.size() - 1); };
  // The table is at most two thirds full.
  if (3 * (ids_.size() + 1) > 2 * slots_.size()) {
    std::vector<Slot> larger(2 * slots_.size());
    for (const Slot& slot : slots_) {
      if (slot.index_plus_1 != 0) put(larger, slot, place_of(hash(ids_[slot.index_plus_1 - 1]), larger));
    }
    slots_ = std::move(larger);
  }
  const std::uint64_t begin = ids_.text_size();
  ids_.push_back(id);
  const Slot slot{.index_plus_1 = static_cast<std::uint32_t>(ids_.size()),
                  .tag = static_cast<std::uint32_t>(hash_of_id >> 32U),
                  .begin_low = static_cast<std::uint32_t>(begin),
                  .begin_high = static_cast<std::uint16_t>(begin >> 32U),
                  .length = static_cast<std::uint16_t>(id.size())};
  put(slots_, slot, place_of(hash_of_id, slots_));
  return slot.index_plus_1 - 1;
}

}  // namespace sotto::data
