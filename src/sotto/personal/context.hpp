// What the site knows of why the user came, before the user has shown it: among which items the next choice probably
// is, such as those of the entry page's or the referrer's category, or what is bought at this time of day.
//
// An expert beside the prediction p: nine times in ten the choice is among those items, as likely as p has them among
// each other, else as p says. It is believed as far as the site says, then as its record deserves (its posterior
// probability), and hands over with each event in any case, since the user's own choices say more.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// Allocates at construction only. Of the visit: no part of the stored state.
class Context {
 public:
  explicit Context(std::uint32_t items) : member_(items) {}

  // belief: 0 … 1. Precondition: items below the number of items.
  void set(std::span<const ItemIndex> items, float belief) noexcept;
  void clear() noexcept { belief_ = 0; }
  [[nodiscard]] bool is_believed() const noexcept { return belief_ > 0; }
  [[nodiscard]] float belief() const noexcept { return belief_; }

  // Adds to logits, Q15.16, what the context makes of them; probabilities are theirs, to_score the units of a nat.
  void add_to(std::span<std::int32_t> scores, std::span<const float> probabilities, float to_score) const noexcept;
  // The item came that had been predicted so.
  void update(std::span<const float> probabilities, ItemIndex came) noexcept;

 private:
  [[nodiscard]] float mass(std::span<const float> probabilities) const noexcept;

  AlignedBuffer<std::uint8_t> member_;  // [items]: 1 where the item is of the context
  float belief_ = 0;
};

}  // namespace sotto
