// What holds in both fields: powers, inverses, roots of unity.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

// base to the power of the words' number (lowest first). The exponent must not be secret.
template <class Field>
[[nodiscard]] Field power(Field base, std::span<const std::uint64_t> exponent) noexcept {
  Field result{1};
  for (std::size_t bit = exponent.size() * 64; bit-- > 0;) {
    result *= result;
    if ((exponent[bit / 64] >> (bit % 64)) & 1) result *= base;
  }
  return result;
}

// The inverse; zero for zero.
template <class Field>
[[nodiscard]] Field inverse(Field element) noexcept {
  return power(element, std::span<const std::uint64_t>{Field::inversion_exponent});
}

// The root of unity of order 2^log2_order whose powers the draft's polynomials are evaluated at.
// Precondition: log2_order <= Field::roots_log2.
template <class Field>
[[nodiscard]] Field root_of_unity(unsigned log2_order) noexcept {
  Field root = Field::generator();
  for (unsigned i = log2_order; i < Field::roots_log2; ++i) root *= root;
  return root;
}

}  // namespace sotto::privacy
