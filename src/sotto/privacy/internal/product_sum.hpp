// A sum of products that is reduced once, in the end. The time does not depend on the values.
#pragma once

#include <sotto/privacy/field128.hpp>
#include <sotto/privacy/wide_words.hpp>

#include <cstdint>

namespace sotto::privacy {

// Field64 reduces each product: that takes no longer than keeping it whole.
template <class Field>
class ProductSum {
 public:
  void add(Field a, Field b) noexcept { sum_ += a * b; }
  [[nodiscard]] Field value() const noexcept { return sum_; }

 private:
  Field sum_;
};

// The partial products of each weight, of 128 bits, are added up in three words. Precondition: below 2^62 products.
template <>
class ProductSum<Field128> {
 public:
  void add(Field128 a, Field128 b) noexcept {
    lowest_.add(multiply_wide(a.low(), b.low()));
    middle_.add(multiply_wide(a.low(), b.high()));
    middle_.add(multiply_wide(a.high(), b.low()));
    highest_.add(multiply_wide(a.high(), b.high()));
  }

  [[nodiscard]] Field128 value() const noexcept {
    std::uint64_t carry = 0;
    std::uint64_t carry2 = 0;
    const std::uint64_t w1 = add_with_carry(lowest_.w1, middle_.w0, carry);
    const std::uint64_t partial = add_with_carry(lowest_.w2, middle_.w1, carry);
    const std::uint64_t w2 = add_with_carry(partial, highest_.w0, carry2);
    const std::uint64_t partial2 = add_with_carry(middle_.w2, highest_.w1, carry);
    const std::uint64_t w3 = add_with_carry(partial2, 0, carry2);
    // The sum is below 2^62 * p^2, so that no carry is lost here.
    const std::uint64_t w4 = highest_.w2 + carry + carry2;
    // 2^256 modulo p: the square of 28 * 2^64 - 1.
    constexpr Field128 top_weight = Field128::from_words(0xffff'ffff'ffff'fcf1, 21895);
    return Field128::reduced(lowest_.w0, w1, w2, w3) + Field128{w4} * top_weight;
  }

 private:
  struct Words {
    std::uint64_t w0 = 0;
    std::uint64_t w1 = 0;
    std::uint64_t w2 = 0;
    void add(WideWord product) noexcept {
      std::uint64_t carry = 0;
      w0 = add_with_carry(w0, product.low, carry);
      w1 = add_with_carry(w1, product.high, carry);
      w2 += carry;
    }
  };

  Words lowest_;  // weight 1
  Words middle_;  // weight 2^64
  Words highest_;  // weight 2^128
};

}  // namespace sotto::privacy
