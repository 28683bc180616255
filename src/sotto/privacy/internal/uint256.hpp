// An unsigned integer of 256 bits, for the exact fractions of the noise samplers. Sums and products wrap at 2^256; the
// samplers' values stay below 2^160.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace sotto::privacy {

class Uint256 {
 public:
  static constexpr std::size_t limb_count = 8;

  constexpr Uint256() = default;
  constexpr explicit Uint256(std::uint64_t value) noexcept
      : limbs_{static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)} {}
  // The least significant limb comes first.
  constexpr explicit Uint256(const std::array<std::uint32_t, limb_count>& limbs) noexcept : limbs_(limbs) {}

  [[nodiscard]] constexpr bool is_zero() const noexcept { return bits() == 0; }
  [[nodiscard]] constexpr bool is_odd() const noexcept { return (limbs_[0] & 1U) != 0; }
  [[nodiscard]] constexpr bool fits_64_bits() const noexcept { return bits() <= 64; }
  [[nodiscard]] constexpr std::uint64_t low_64_bits() const noexcept {
    return limbs_[0] | (std::uint64_t{limbs_[1]} << 32);
  }
  [[nodiscard]] constexpr bool bit(unsigned index) const noexcept {
    return ((limbs_[index / 32] >> (index % 32)) & 1U) != 0;
  }
  // Shifts left by one bit and sets the lowest one.
  [[nodiscard]] constexpr Uint256 shifted_in(bool lowest) const noexcept {
    Uint256 result;
    std::uint32_t carry = lowest ? 1 : 0;
    for (std::size_t i = 0; i < limb_count; ++i) {
      result.limbs_[i] = (limbs_[i] << 1) | carry;
      carry = limbs_[i] >> 31;
    }
    return result;
  }
  // The number of bits without leading zeros; 0 for zero.
  [[nodiscard]] constexpr unsigned bits() const noexcept {
    for (std::size_t i = limb_count; i > 0; --i) {
      if (limbs_[i - 1] != 0)
        return static_cast<unsigned>(32 * i) - static_cast<unsigned>(std::countl_zero(limbs_[i - 1]));
    }
    return 0;
  }

  friend constexpr bool operator==(const Uint256&, const Uint256&) = default;
  friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) noexcept {
    for (std::size_t i = limb_count; i > 0; --i) {
      if (a.limbs_[i - 1] != b.limbs_[i - 1]) return a.limbs_[i - 1] <=> b.limbs_[i - 1];
    }
    return std::strong_ordering::equal;
  }

  friend constexpr Uint256 operator-(const Uint256& a, const Uint256& b) noexcept {
    Uint256 difference;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < limb_count; ++i) {
      const std::uint64_t limb = std::uint64_t{a.limbs_[i]} - b.limbs_[i] - borrow;
      difference.limbs_[i] = static_cast<std::uint32_t>(limb);
      borrow = limb >> 63;
    }
    return difference;
  }

  friend constexpr Uint256 operator*(const Uint256& a, const Uint256& b) noexcept {
    Uint256 product;
    for (std::size_t i = 0; i < limb_count; ++i) {
      if (a.limbs_[i] == 0) continue;
      std::uint64_t carry = 0;
      for (std::size_t j = 0; i + j < limb_count; ++j) {
        carry += std::uint64_t{a.limbs_[i]} * b.limbs_[j] + product.limbs_[i + j];
        product.limbs_[i + j] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
      }
    }
    return product;
  }

  // Divides by a small number. Legal: divisor ≥ 1.
  [[nodiscard]] constexpr Uint256 divided_by(std::uint32_t divisor) const noexcept {
    Uint256 quotient;
    std::uint64_t rest = 0;
    for (std::size_t i = limb_count; i > 0; --i) {
      rest = (rest << 32) | limbs_[i - 1];
      quotient.limbs_[i - 1] = static_cast<std::uint32_t>(rest / divisor);
      rest %= divisor;
    }
    return quotient;
  }
  [[nodiscard]] constexpr std::uint32_t remainder_of(std::uint32_t divisor) const noexcept {
    std::uint64_t rest = 0;
    for (std::size_t i = limb_count; i > 0; --i) rest = ((rest << 32) | limbs_[i - 1]) % divisor;
    return static_cast<std::uint32_t>(rest);
  }

 private:
  std::array<std::uint32_t, limb_count> limbs_{};
};

struct Division256 {
  Uint256 quotient;
  Uint256 remainder;
};

// Divides bit by bit. Legal: divisor ≥ 1 and below 2^255.
[[nodiscard]] Division256 divide(const Uint256& dividend, const Uint256& divisor) noexcept;

// The greatest common divisor. Legal: b ≥ 1.
[[nodiscard]] Uint256 greatest_common_divisor(Uint256 a, Uint256 b) noexcept;

}  // namespace sotto::privacy
