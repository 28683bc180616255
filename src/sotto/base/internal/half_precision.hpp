// Converts the two 16-bit floating-point formats to float32. The conversion is exact.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace sotto {

// IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits.
[[nodiscard]] inline float half_to_float(std::uint16_t half) noexcept {
  constexpr std::uint32_t max_exponent = 31;
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t exponent = (half >> 10) & max_exponent;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {  // zero and subnormal: fraction · 2^-24
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign == 0 ? magnitude : -magnitude;
  }
  // Infinities and NaNs keep an exponent of all ones. The exponents of other values move from a bias of 15 to 127.
  const std::uint32_t wide_exponent = exponent == max_exponent ? 255 : exponent + (127 - 15);
  return std::bit_cast<float>(sign | (wide_exponent << 23) | (fraction << 13));
}

// bfloat16: the upper half of a float32.
[[nodiscard]] inline float bfloat16_to_float(std::uint16_t bits) noexcept {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

}  // namespace sotto
