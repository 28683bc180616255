// Field64 of draft-irtf-cfrg-vdaf, section 6.1: the integers modulo p = 2^32 * 4294967295 + 1, which is
// 2^64 - 2^32 + 1. Every operation takes the same time for all values, so that elements may be secret.
#pragma once

#include <sotto/privacy/wide_words.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sotto::privacy {

// An element in the canonical range [0, p). In memory it is its own encoding: 8 bytes, little-endian.
class Field64 {
 public:
  static constexpr std::size_t encoded_bytes = 8;
  // The multiplicative group has a subgroup of 2^32 elements.
  static constexpr unsigned roots_log2 = 32;

  constexpr Field64() noexcept = default;
  // Precondition: value < p.
  constexpr explicit Field64(std::uint64_t value) noexcept : value_(value) {}

  // 1 when the 8 bytes encode an element, else 0.
  [[nodiscard]] static std::uint64_t is_encoding(const std::byte* bytes) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return below_modulus(value);
  }

  // The representative in [0, p).
  [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

  friend constexpr Field64 operator+(Field64 a, Field64 b) noexcept {
    std::uint64_t carry = 0;
    const std::uint64_t sum = add_with_carry(a.value_, b.value_, carry);
    return reduced_once(sum, carry);
  }

  friend constexpr Field64 operator-(Field64 a, Field64 b) noexcept {
    std::uint64_t borrow = 0;
    const std::uint64_t difference = subtract_with_borrow(a.value_, b.value_, borrow);
    // Adds p back after a negative difference.
    return Field64{difference + (modulus & mask_of(borrow))};
  }

  friend constexpr Field64 operator-(Field64 a) noexcept { return Field64{} - a; }

  // With 2^64 = 2^32 - 1 and 2^96 = -1 modulo p, a product h * 2^96 + m * 2^64 + l is l - h + m * (2^32 - 1).
  friend constexpr Field64 operator*(Field64 a, Field64 b) noexcept {
    const WideWord product = multiply_wide(a.value_, b.value_);
    const std::uint64_t h = product.high >> 32;
    const std::uint64_t m = product.high & two_to_64;
    // A borrow is worth -2^64 = -(2^32 - 1), and does not borrow again: l - h is then at least 2^64 - 2^32.
    std::uint64_t borrow = 0;
    std::uint64_t value = subtract_with_borrow(product.low, h, borrow);
    value -= two_to_64 & mask_of(borrow);
    // A carry is worth 2^32 - 1, and does not carry again: the product is below 2^64 - 2^33 + 2.
    std::uint64_t carry = 0;
    value = add_with_carry(value, m * two_to_64, carry);
    value += two_to_64 & mask_of(carry);
    return reduced_once(value, 0);
  }

  constexpr Field64& operator+=(Field64 other) noexcept { return *this = *this + other; }
  constexpr Field64& operator-=(Field64 other) noexcept { return *this = *this - other; }
  constexpr Field64& operator*=(Field64 other) noexcept { return *this = *this * other; }

  // Compares all bits, and then answers: the result must not be secret.
  friend constexpr bool operator==(Field64 a, Field64 b) noexcept { return (a.value_ ^ b.value_) == 0; }

  // A generator of the subgroup of 2^32 elements: 7^4294967295.
  [[nodiscard]] static constexpr Field64 generator() noexcept { return Field64{0x1856'29dc'da58'878c}; }

  // The exponent of inversion, p - 2, in words from the lowest.
  static constexpr std::uint64_t inversion_exponent[] = {0xffff'fffe'ffff'ffff};

 private:
  static constexpr std::uint64_t modulus = 0xffff'ffff'0000'0001;
  static constexpr std::uint64_t two_to_64 = 0xffff'ffff;  // 2^64 modulo p

  static constexpr std::uint64_t below_modulus(std::uint64_t value) noexcept {
    std::uint64_t borrow = 0;
    (void)subtract_with_borrow(value, modulus, borrow);
    return borrow;
  }

  // carry * 2^64 + value, less p where it is at least p. Precondition: the number is below 2 * p.
  static constexpr Field64 reduced_once(std::uint64_t value, std::uint64_t carry) noexcept {
    const std::uint64_t mask = mask_of(carry | (below_modulus(value) ^ 1));
    return Field64{value - (modulus & mask)};
  }

  std::uint64_t value_ = 0;
};

}  // namespace sotto::privacy
