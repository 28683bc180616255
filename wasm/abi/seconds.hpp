// Times cross as f64, which a host has without big integers.
#pragma once

#include <sotto/personal/event_times.hpp>

#include <algorithm>
#include <cstdint>

namespace sotto::abi {

// Seconds since 1970, without their fraction. What is not a number counts as 1970.
inline std::int64_t to_seconds(double seconds) noexcept {
  constexpr auto most = static_cast<double>(max_seconds);
  return seconds == seconds ? static_cast<std::int64_t>(std::clamp(seconds, -most, most)) : 0;
}

}  // namespace sotto::abi
