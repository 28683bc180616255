// The kinds of a user's feedback on an item, and the weight of each kind in learning.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto {

// The numbers are part of the C ABI. New kinds are appended and existing ones are never renumbered.
enum class FeedbackKind : std::uint32_t {
  impression = 0,  // the item was shown; if it is not chosen before the next event, this counts against it
  click = 1,       // the user chose or viewed the item: an event of the sequence
  dwell = 2,       // the user stayed with the item; amount: seconds
  cart = 3,  // this and the next two: an event, or a stronger lesson if the item is the visit's latest event
  favourite = 4,
  purchase = 5,
  rating = 6,  // amount: -1 (bad) … 1 (good); an event from 0 on
  dismiss = 7,  // "not now": hides the item for dismissal_seconds
  not_this = 8,  // "never again": hides the item until the user chooses it
};
inline constexpr std::size_t feedback_kinds = 9;

// The size of each kind's lesson. A click's size is 1. The lesson of impressions is divided among all items that were
// shown.
struct FeedbackWeights {
  std::array<float, feedback_kinds> of{0.0F, 1.0F, 0.5F, 1.0F, 1.0F, 1.0F, 1.0F, 0.5F, 1.0F};
  [[nodiscard]] float operator[](FeedbackKind kind) const noexcept { return of[static_cast<std::size_t>(kind)]; }
};
inline constexpr float max_feedback_weight = 10.0F;

inline constexpr float full_dwell_seconds = 60.0F;
inline constexpr std::int64_t dismissal_seconds = 7 * std::int64_t{86'400};

}  // namespace sotto
