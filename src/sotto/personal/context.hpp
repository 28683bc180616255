// The site's knowledge of why the user came, before the user's own events show it. It is a set of items that probably
// contains the next choice. Examples are the items of the category of the entry page or the referrer, or the items that
// are bought at this time of day.
//
// The context is an expert in addition to the prediction p. In nine of ten cases it expects one of those items, in the
// proportions of p. In the tenth case it expects p. The belief in the expert starts at the site's value and follows its
// record (its posterior probability). It also fades with each event, because the user's own choices tell more.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// A value. It has the set's items, and frees their memory when the belief has ended. It belongs to the visit and is not
// part of the stored state.
class Context {
 public:
  // belief: 0 … 1. Without items or belief, the context has no effect.
  void set(std::span<const ItemIndex> items, float belief);
  void clear() noexcept;
  [[nodiscard]] bool is_believed() const noexcept { return belief_ > 0; }
  [[nodiscard]] float belief() const noexcept { return belief_; }

  // Adds the context's effect to logits, Q15.16. probabilities: those of the logits. to_score: the score units of one
  // nat.
  void add_to(std::span<std::int32_t> scores, std::span<const float> probabilities, float to_score) const noexcept;
  // Updates the belief after an event on `item`, which was predicted with these probabilities.
  void update(std::span<const float> probabilities, ItemIndex came) noexcept;

 private:
  [[nodiscard]] float mass(std::span<const float> probabilities) const noexcept;

  std::vector<ItemIndex> items_;  // ascending, each once
  float belief_ = 0;
};

}  // namespace sotto
