// The numbers that the fit of the head's terms changes, and their addition to an item's logit.
#pragma once

#include <sotto/model/count_expert.hpp>
#include <sotto/model/history_term.hpp>
#include <sotto/runtime/count_lookup.hpp>
#include <sotto/runtime/history_lookup.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto::fit {

// All numbers in one array: ages, occurrences, follow, the curve's knots, a temperature of the network's logits, and
// weights of the items' overall and recent popularity. They are in logits. A count of 1 is the baseline, so its entry
// stays 0.
namespace head_term {
inline constexpr std::size_t occurrences = age_buckets;
inline constexpr std::size_t follow = occurrences + count_buckets;
inline constexpr std::size_t curve = follow + 1;
inline constexpr std::size_t temperature = curve + count_curve_knots;
inline constexpr std::size_t overall = temperature + 1;  // the three parts of a ScoreMix, side by side
inline constexpr std::size_t lately = overall + 1;
inline constexpr std::size_t count = lately + 1;
}  // namespace head_term
using HeadTermNumbers = std::array<double, head_term::count>;

// A count's place on the curve: `share` of the way from knot to knot + 1.
struct CurvePlace {
  std::size_t knot;
  double share;
};
[[nodiscard]] CurvePlace curve_place(std::uint32_t count) noexcept;

[[nodiscard]] double bonus(const HeadTermNumbers& numbers, const ItemEvidence& evidence) noexcept;
[[nodiscard]] double bonus(const HeadTermNumbers& numbers, const ItemCount& count) noexcept;

}  // namespace sotto::fit
