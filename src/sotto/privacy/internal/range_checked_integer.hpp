// Integers from 0 to `max` as bits with weights, of draft-irtf-cfrg-vdaf, section 7.4.2. The weights are the powers of
// two, but the last one is such that all weights sum up to `max`: no vector of bits stands for more than `max`.
#pragma once

#include <sotto/privacy/wide_words.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

struct RangeCheckedInteger {
  std::uint64_t max;  // >= 1

  [[nodiscard]] std::size_t bits() const noexcept { return static_cast<std::size_t>(std::bit_width(max)); }
  [[nodiscard]] std::uint64_t last_weight() const noexcept { return max - all_but_last(); }

  // Writes the bits, in a time that does not depend on the value. Precondition: value <= max, bits.size() == bits().
  template <class Field>
  void encode(std::uint64_t value, std::span<Field> bits) const noexcept {
    std::uint64_t above = 0;  // 1 when the other weights alone do not reach the value
    (void)subtract_with_borrow(all_but_last(), value, above);
    const std::uint64_t rest = value - (last_weight() & mask_of(above));
    for (std::size_t i = 0; i + 1 < bits.size(); ++i) bits[i] = Field{(rest >> i) & 1};
    bits[bits.size() - 1] = Field{above};
  }

  // The integer, or a share of it, of the bits, or shares of them.
  template <class Field>
  [[nodiscard]] Field decode(std::span<const Field> bits) const noexcept {
    Field sum = Field{last_weight()} * bits[bits.size() - 1];
    for (std::size_t i = 0; i + 1 < bits.size(); ++i) sum += Field{std::uint64_t{1} << i} * bits[i];
    return sum;
  }

 private:
  [[nodiscard]] std::uint64_t all_but_last() const noexcept { return (std::uint64_t{1} << (bits() - 1)) - 1; }
};

}  // namespace sotto::privacy
