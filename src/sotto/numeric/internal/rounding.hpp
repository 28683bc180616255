// All rounding happens here. On every tier, right shifts round half up: floor(x + 1/2).
#pragma once

#include <cstdint>
#include <limits>

namespace sotto {

// Returns value / 2^shift, rounded half up. Legal: 0 ≤ shift ≤ 62, |value| ≤ 2^62.
[[nodiscard]] constexpr std::int64_t round_shift(std::int64_t value, int shift) noexcept {
  return shift == 0 ? value : (value + (std::int64_t{1} << (shift - 1))) >> shift;
}

template <class T>
[[nodiscard]] constexpr T saturate(std::int64_t value) noexcept {
  constexpr std::int64_t low = std::numeric_limits<T>::min();
  constexpr std::int64_t high = std::numeric_limits<T>::max();
  return static_cast<T>(value < low ? low : value > high ? high : value);
}

}  // namespace sotto
