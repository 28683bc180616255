// Field128 of draft-irtf-cfrg-vdaf, section 6.1: the integers modulo p = 2^66 * 4611686018427387897 + 1, which is
// 2^128 - 28 * 2^64 + 1. Every operation takes the same time for all values, so that elements may be secret.
#pragma once

#include <sotto/privacy/wide_words.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sotto::privacy {

// An element in the canonical range [0, p). In memory it is its own encoding: 16 bytes, little-endian.
class Field128 {
 public:
  static constexpr std::size_t encoded_bytes = 16;
  // The multiplicative group has a subgroup of 2^66 elements.
  static constexpr unsigned roots_log2 = 66;

  constexpr Field128() noexcept = default;
  constexpr explicit Field128(std::uint64_t value) noexcept : low_(value) {}

  // The element of these words. Precondition: high * 2^64 + low < p.
  [[nodiscard]] static constexpr Field128 from_words(std::uint64_t low, std::uint64_t high) noexcept {
    Field128 element;
    element.low_ = low;
    element.high_ = high;
    return element;
  }

  // 1 when the 16 bytes encode an element, else 0.
  [[nodiscard]] static std::uint64_t is_encoding(const std::byte* bytes) noexcept {
    std::uint64_t words[2];
    std::memcpy(words, bytes, sizeof words);
    std::uint64_t borrow = 0;
    (void)subtract_with_borrow(words[0], modulus_low, borrow);
    (void)subtract_with_borrow(words[1], modulus_high, borrow);
    return borrow;
  }

  // The representative in [0, p).
  [[nodiscard]] constexpr std::uint64_t low() const noexcept { return low_; }
  [[nodiscard]] constexpr std::uint64_t high() const noexcept { return high_; }

  friend constexpr Field128 operator+(Field128 a, Field128 b) noexcept {
    std::uint64_t carry = 0;
    const std::uint64_t low = add_with_carry(a.low_, b.low_, carry);
    const std::uint64_t high = add_with_carry(a.high_, b.high_, carry);
    return reduced_once(low, high, carry);
  }

  friend constexpr Field128 operator-(Field128 a, Field128 b) noexcept {
    std::uint64_t borrow = 0;
    const std::uint64_t low = subtract_with_borrow(a.low_, b.low_, borrow);
    const std::uint64_t high = subtract_with_borrow(a.high_, b.high_, borrow);
    // Adds p back after a negative difference.
    const std::uint64_t mask = mask_of(borrow);
    std::uint64_t carry = 0;
    const std::uint64_t corrected = add_with_carry(low, modulus_low & mask, carry);
    return from_words(corrected, add_with_carry(high, modulus_high & mask, carry));
  }

  friend constexpr Field128 operator-(Field128 a) noexcept { return Field128{} - a; }

  friend constexpr Field128 operator*(Field128 a, Field128 b) noexcept {
    const WideWord ll = multiply_wide(a.low_, b.low_);
    const WideWord lh = multiply_wide(a.low_, b.high_);
    const WideWord hl = multiply_wide(a.high_, b.low_);
    const WideWord hh = multiply_wide(a.high_, b.high_);
    std::uint64_t carry = 0;
    std::uint64_t carry2 = 0;
    const std::uint64_t partial = add_with_carry(ll.high, lh.low, carry);
    const std::uint64_t l1 = add_with_carry(partial, hl.low, carry2);
    const std::uint64_t partial2 = add_with_carry(hh.low, lh.high, carry);
    const std::uint64_t h0 = add_with_carry(partial2, hl.high, carry2);
    const std::uint64_t h1 = hh.high + carry + carry2;
    return reduced(ll.low, l1, h0, h1);
  }

  constexpr Field128& operator+=(Field128 other) noexcept { return *this = *this + other; }
  constexpr Field128& operator-=(Field128 other) noexcept { return *this = *this - other; }
  constexpr Field128& operator*=(Field128 other) noexcept { return *this = *this * other; }

  // Compares all bits, and then answers: the result must not be secret.
  friend constexpr bool operator==(Field128 a, Field128 b) noexcept {
    return ((a.low_ ^ b.low_) | (a.high_ ^ b.high_)) == 0;
  }

  // A generator of the subgroup of 2^66 elements: 7^4611686018427387897.
  [[nodiscard]] static constexpr Field128 generator() noexcept {
    return from_words(0x1f9b2759c5109f06, 0x6d278fbf4f60228b);
  }

  // The exponent of inversion, p - 2, in words from the lowest.
  static constexpr std::uint64_t inversion_exponent[] = {0xffff'ffff'ffff'ffff, 0xffff'ffff'ffff'ffe3};

  // The number of the four words (h1 highest) modulo p. With f = 28 * 2^64 - 1, 2^128 is f: what stands above 128 bits
  // is multiplied by f and added to the rest, until nothing stands there. No step goes below zero.
  [[nodiscard]] static constexpr Field128 reduced(std::uint64_t l0, std::uint64_t l1, std::uint64_t h0,
                                                  std::uint64_t h1) noexcept {
    // L + f * H, of which (w1, w0) stands above 128 bits and is below 2^69.
    const WideWord u = multiply_wide(h1, fold);
    const WideWord v = multiply_wide(h0, fold);
    std::uint64_t carry = 0;
    std::uint64_t w0 = add_with_carry(u.low, v.high, carry);
    std::uint64_t w1 = u.high + carry;
    std::uint64_t borrow = 0;
    std::uint64_t low = subtract_with_borrow(l0, h0, borrow);
    std::uint64_t high = subtract_with_borrow(l1, h1, borrow);
    w0 = subtract_with_borrow(w0, 0, borrow);
    w1 -= borrow;
    carry = 0;
    high = add_with_carry(high, v.low, carry);
    w0 = add_with_carry(w0, 0, carry);
    w1 += carry;
    // Then y is below 2^10.
    const WideWord x = multiply_wide(w0, fold);
    std::uint64_t y = fold * w1 + x.high;
    borrow = 0;
    low = subtract_with_borrow(low, w0, borrow);
    high = subtract_with_borrow(high, w1, borrow);
    carry = 0;
    high = add_with_carry(high, x.low, carry);
    y += carry - borrow;
    // The result is below 2^128 + 2^75.
    borrow = 0;
    carry = 0;
    low = subtract_with_borrow(low, y, borrow);
    high = add_with_carry(high, fold * y - borrow, carry);
    return reduced_once(low, high, carry);
  }

 private:
  static constexpr std::uint64_t modulus_low = 1;
  static constexpr std::uint64_t modulus_high = 0xffff'ffff'ffff'ffe4;  // 2^64 - 28
  static constexpr std::uint64_t fold = 28;

  // carry * 2^128 + high * 2^64 + low, less p where it is at least p. Precondition: the number is below 2 * p.
  static constexpr Field128 reduced_once(std::uint64_t low, std::uint64_t high, std::uint64_t carry) noexcept {
    std::uint64_t borrow = 0;
    const std::uint64_t reduced_low = subtract_with_borrow(low, modulus_low, borrow);
    const std::uint64_t reduced_high = subtract_with_borrow(high, modulus_high, borrow);
    const std::uint64_t mask = mask_of(carry | (borrow ^ 1));
    return from_words(select(mask, reduced_low, low), select(mask, reduced_high, high));
  }

  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

}  // namespace sotto::privacy
