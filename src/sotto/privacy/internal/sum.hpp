// The circuit Sum of draft-irtf-cfrg-vdaf, section 7.4.2: an integer from 0 to `max`.
#pragma once

#include <sotto/privacy/field64.hpp>
#include <sotto/privacy/internal/gadgets.hpp>
#include <sotto/privacy/internal/polynomial.hpp>
#include <sotto/privacy/internal/range_checked_integer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

// Precondition: max < 2^63.
struct Sum {
  using Field = Field64;
  using Gadget = BitTest<Field>;

  std::uint64_t max;

  [[nodiscard]] RangeCheckedInteger integer() const noexcept { return {max}; }
  [[nodiscard]] std::size_t calls() const noexcept { return integer().bits(); }
  [[nodiscard]] std::size_t parallel() const noexcept { return 1; }
  [[nodiscard]] std::size_t measurement_length() const noexcept { return integer().bits(); }
  [[nodiscard]] std::size_t joint_rand_length() const noexcept { return 0; }
  [[nodiscard]] std::size_t output_length() const noexcept { return 1; }
  [[nodiscard]] std::size_t evaluation_length() const noexcept { return integer().bits(); }

  // Precondition: value <= max.
  void encode(std::uint64_t value, std::span<Field> measurement) const noexcept {
    integer().encode(value, measurement);
  }

  void fill_wires(std::size_t, std::span<const Field> measurement, std::span<const Field>, Field, std::span<Field>,
                  Field* first, std::size_t) const noexcept {
    std::ranges::copy(measurement, first);
  }

  void sum_wires(std::size_t, std::span<const Field> measurement, std::span<const Field>, Field,
                 std::span<const Field> weights, std::span<Field>, Field* sums) const noexcept {
    sums[0] = dot(weights, measurement);
  }

  void evaluate(std::span<const Field>, std::span<const Field> outputs, std::size_t stride, Field,
                std::span<Field> out) const noexcept {
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = outputs[k * stride];
  }

  void truncate(std::span<const Field> measurement, std::span<Field> out) const noexcept {
    out[0] = integer().decode(measurement);
  }
};

}  // namespace sotto::privacy
