// The error that wasm/abi/json_numbers.hpp states, as a check against the C library's correctly rounded value.
#pragma once

#include <cmath>
#include <limits>

namespace sotto::test {

inline bool is_within_stated_error(double value, double expected) {
  constexpr double relative = 0x1p-48;
  constexpr double smallest = std::numeric_limits<double>::denorm_min();  // 2^-1074
  constexpr double largest = std::numeric_limits<double>::max();
  if (std::isnan(value)) return false;
  if (std::isinf(expected)) return std::isinf(value) ? value == expected : std::abs(value) >= largest * (1 - relative);
  if (std::isinf(value)) return std::abs(expected) >= largest * (1 - relative);
  // The C library's value is itself rounded, by at most half a unit in the last place.
  return std::abs(value - expected) <= (relative + 0x1p-53) * std::abs(expected) + 1.5 * smallest;
}

}  // namespace sotto::test
