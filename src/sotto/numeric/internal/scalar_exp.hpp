// The exponential of a float32 value, with the same bits in every build. It follows the rules of scalar_log.hpp. The
// polynomial comes from Cephes (S. Moshier).
#pragma once

#include <bit>
#include <cstdint>

namespace sotto {

// Returns e^x with an error of about 2 units in the last place. Legal: |x| ≤ 87.
[[nodiscard]] inline float exp_f32(float x) noexcept {
  // x = k ln 2 + r with |r| ≤ ln 2 / 2, where k is the nearest integer.
  const float halves = x * 1.44269504088896341F;
  const auto whole = static_cast<std::int32_t>(halves < 0 ? halves - 0.5F : halves + 0.5F);
  const auto k = static_cast<float>(whole);
  const float r = (x - k * 0.693359375F) - k * -2.12194440e-4F;
  float p = r * 1.9875691500E-4F + 1.3981999507E-3F;
  p = p * r + 8.3334519073E-3F;
  p = p * r + 4.1665795894E-2F;
  p = p * r + 1.6666665459E-1F;
  p = p * r + 5.0000001201E-1F;
  p = (p * (r * r) + r) + 1.0F;
  return p * std::bit_cast<float>(static_cast<std::uint32_t>(whole + 127) << 23);
}

}  // namespace sotto
