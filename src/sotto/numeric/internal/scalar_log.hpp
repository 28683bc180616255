// The logarithm of a float32 value, with the same bits in every build. It calls no libm function. The rooms that
// include this header do not fuse multiplication and addition (-ffp-contract=off). The polynomial comes from Cephes (S.
// Moshier).
#pragma once

#include <bit>
#include <cstdint>

namespace sotto {

// Returns the natural logarithm with an error of about 2 units in the last place. Legal: x > 0, normal.
[[nodiscard]] inline float log_f32(float x) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 126);
  float m = std::bit_cast<float>((bits & 0x007f'ffffU) | 0x3f00'0000U);  // 0.5 … 1
  if (m < 0.707106781186547524F) {
    exponent -= 1.0F;
    m = m + m - 1.0F;
  } else {
    m = m - 1.0F;
  }
  const float z = m * m;
  float p = m * 7.0376836292E-2F - 1.1514610310E-1F;
  p = p * m + 1.1676998740E-1F;
  p = p * m - 1.2420140846E-1F;
  p = p * m + 1.4249322787E-1F;
  p = p * m - 1.6668057665E-1F;
  p = p * m + 2.0000714765E-1F;
  p = p * m - 2.4999993993E-1F;
  p = p * m + 3.3333331174E-1F;
  p = p * m * z;
  p += exponent * -2.12194440e-4F;
  p += -0.5F * z;
  return (m + p) + exponent * 0.693359375F;
}

}  // namespace sotto
