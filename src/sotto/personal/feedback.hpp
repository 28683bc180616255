// What a user does with an item, and how much each kind of it teaches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto {

// The numbers are part of the C ABI: append, never renumber.
enum class FeedbackKind : std::uint32_t {
  impression = 0,  // was shown; whatever was shown and not chosen before the next event counts against it
  click = 1,       // chose or looked at it: an event of the sequence
  dwell = 2,       // stayed with it; amount: seconds
  cart = 3,        // as the next two: an event, or more of one, if the item is the visit's latest
  favourite = 4,
  purchase = 5,
  rating = 6,   // amount: -1, bad, … 1, good; from 0 on an event
  dismiss = 7,  // not now: hides the item for a while
  not_this = 8,  // never again: hides it until the user chooses it
};
inline constexpr std::size_t feedback_kinds = 9;

// The lesson that each kind is worth; a click's is 1. Those of impressions are shared by all that were shown.
struct FeedbackWeights {
  std::array<float, feedback_kinds> of{0.0F, 1.0F, 0.5F, 1.0F, 1.0F, 1.0F, 1.0F, 0.5F, 1.0F};
  [[nodiscard]] float operator[](FeedbackKind kind) const noexcept { return of[static_cast<std::size_t>(kind)]; }
};
inline constexpr float most_feedback_weight = 10.0F;

inline constexpr float full_dwell_seconds = 60.0F;
inline constexpr std::int64_t dismissal_seconds = 7 * std::int64_t{86'400};

}  // namespace sotto
