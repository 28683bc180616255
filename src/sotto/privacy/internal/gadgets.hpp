// The non-linear parts of validity circuits (draft-irtf-cfrg-vdaf, section 7.3.3). Both have degree 2.
#pragma once

#include <cstddef>

namespace sotto::privacy {

// Mul: the product of two wires.
template <class Field>
struct Product {
  static constexpr std::size_t arity = 2;
  [[nodiscard]] static Field evaluate(const Field* wires) noexcept { return wires[0] * wires[1]; }
};

// PolyEval with x^2 - x: zero exactly for 0 and 1.
template <class Field>
struct BitTest {
  static constexpr std::size_t arity = 1;
  [[nodiscard]] static Field evaluate(const Field* wires) noexcept { return wires[0] * wires[0] - wires[0]; }
};

}  // namespace sotto::privacy
