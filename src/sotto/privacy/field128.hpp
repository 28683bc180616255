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
  static constexpr std::size_t kEncodedBytes = 16;
  // The multiplicative group has a subgroup of 2^66 elements.
  static constexpr unsigned kRootsLog2 = 66;

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
    (void)subtract_with_borrow(words[0], kModulusLow, borrow);
    (void)subtract_with_borrow(words[1], kModulusHigh, borrow);
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
    const std::uint64_t corrected = add_with_carry(low, kModulusLow & mask, carry);
    return from_words(corrected, add_with_carry(high, kModulusHigh & mask, carry));
  }

  friend constexpr Field128 operator-(Field128 a) noexcept { return Field128{} - a; }

  // With 2^128 = 28 * 2^64 - 1 modulo p, the upper half H of the product is 28 * H * 2^64 - H, and what exceeds 128
  // bits there once more.
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
  static constexpr std::uint64_t kInversionExponent[] = {0xffff'ffff'ffff'ffff, 0xffff'ffff'ffff'ffe3};

 private:
  static constexpr std::uint64_t kModulusLow = 1;
  static constexpr std::uint64_t kModulusHigh = 0xffff'ffff'ffff'ffe4;  // 2^64 - 28
  static constexpr std::uint64_t kFold = 28;

  // carry * 2^128 + high * 2^64 + low, less p where it is at least p. Precondition: the number is below 2 * p.
  static constexpr Field128 reduced_once(std::uint64_t low, std::uint64_t high, std::uint64_t carry) noexcept {
    std::uint64_t borrow = 0;
    const std::uint64_t reduced_low = subtract_with_borrow(low, kModulusLow, borrow);
    const std::uint64_t reduced_high = subtract_with_borrow(high, kModulusHigh, borrow);
    const std::uint64_t mask = mask_of(carry | (borrow ^ 1));
    return from_words(select(mask, reduced_low, low), select(mask, reduced_high, high));
  }

  // The number of the four words (h1 highest) modulo p.
  static constexpr Field128 reduced(std::uint64_t l0, std::uint64_t l1, std::uint64_t h0, std::uint64_t h1) noexcept {
    // 28 * H = W * 2^64 + v.low, where W = (w1, w0) is below 2^69.
    const WideWord u = multiply_wide(h1, kFold);
    const WideWord v = multiply_wide(h0, kFold);
    std::uint64_t carry = 0;
    const std::uint64_t w0 = add_with_carry(u.low, v.high, carry);
    const std::uint64_t w1 = u.high + carry;
    // W * 2^128 = 28 * W * 2^64 - W, where 28 * W = y * 2^64 + x.low with y below 2^10, folded a third time.
    const WideWord x = multiply_wide(w0, kFold);
    const std::uint64_t y = kFold * w1 + x.high;

    // What is added: L, and three terms in units of 2^64.
    std::uint64_t c0 = 0;
    std::uint64_t c1 = 0;
    std::uint64_t c2 = 0;
    const std::uint64_t plus0 = add_with_carry(l0, 2, c0);
    std::uint64_t plus1 = add_with_carry(l1, v.low, c0);
    plus1 = add_with_carry(plus1, x.low, c1);
    plus1 = add_with_carry(plus1, kFold * y, c2);
    // What is subtracted: H + W + y. Both sides are raised so that their difference grows by 2 * p, which is
    // 2 * 2^128 - 56 * 2^64 + 2, and stays above zero.
    carry = 0;
    std::uint64_t minus0 = add_with_carry(h0, w0, carry);
    std::uint64_t minus1 = add_with_carry(h1, w1, carry);
    std::uint64_t minus2 = carry;
    carry = 0;
    minus0 = add_with_carry(minus0, y, carry);
    minus1 = add_with_carry(minus1, 2 * kFold, carry);
    minus2 += carry;

    std::uint64_t borrow = 0;
    const std::uint64_t low = subtract_with_borrow(plus0, minus0, borrow);
    const std::uint64_t high = subtract_with_borrow(plus1, minus1, borrow);
    // The third word, 0 ... 5, is folded in turn: top * (28 * 2^64 - 1).
    const std::uint64_t top = c0 + c1 + c2 + 2 - minus2 - borrow;
    borrow = 0;
    const std::uint64_t folded_low = subtract_with_borrow(low, top, borrow);
    carry = 0;
    const std::uint64_t folded_high = add_with_carry(high, kFold * top - borrow, carry);
    return reduced_once(folded_low, folded_high, carry);
  }

  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

}  // namespace sotto::privacy
