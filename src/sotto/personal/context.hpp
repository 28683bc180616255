// What the site knows of why the user came, before the user has shown it: a set of items among which the next choice
// probably is. Examples are the items of the entry page's or the referrer's category, or what is bought at this time of
// day.
//
// It is an expert beside the prediction p. It says: nine times in ten the choice is among those items, in the
// proportions that p gives them; else as p says. Its belief starts where the site says and follows its record (its
// posterior probability). It also fades with each event, since the user's own choices say more.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// A value: it has the set's items, and gives their memory back when it is believed no longer. It belongs to the visit
// and is no part of the stored state.
class Context {
 public:
  // belief: 0 … 1. Without items or belief nothing is known.
  void set(std::span<const ItemIndex> items, float belief);
  void clear() noexcept;
  [[nodiscard]] bool is_believed() const noexcept { return belief_ > 0; }
  [[nodiscard]] float belief() const noexcept { return belief_; }

  // Adds to logits, Q15.16, what the context makes of them. probabilities: those of the logits. to_score: the units of
  // a nat.
  void add_to(std::span<std::int32_t> scores, std::span<const float> probabilities, float to_score) const noexcept;
  // Updates the belief: an item came that had been predicted with these probabilities.
  void update(std::span<const float> probabilities, ItemIndex came) noexcept;

 private:
  [[nodiscard]] float mass(std::span<const float> probabilities) const noexcept;

  std::vector<ItemIndex> items_;  // ascending, each once
  float belief_ = 0;
};

}  // namespace sotto
