// The circuit Count of draft-irtf-cfrg-vdaf, section 7.4.1: 0 or 1.
#pragma once

#include <sotto/privacy/field64.hpp>
#include <sotto/privacy/internal/gadgets.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

struct Count {
  using Field = Field64;
  using Gadget = Product<Field>;

  [[nodiscard]] std::size_t calls() const noexcept { return 1; }
  [[nodiscard]] std::size_t parallel() const noexcept { return 1; }
  [[nodiscard]] std::size_t measurement_length() const noexcept { return 1; }
  [[nodiscard]] std::size_t joint_rand_length() const noexcept { return 0; }
  [[nodiscard]] std::size_t output_length() const noexcept { return 1; }
  [[nodiscard]] std::size_t evaluation_length() const noexcept { return 1; }

  // Precondition: value is 0 or 1.
  void encode(std::uint64_t value, std::span<Field> measurement) const noexcept { measurement[0] = Field{value}; }

  void fill_wires(std::size_t, std::span<const Field> measurement, std::span<const Field>, Field, std::span<Field>,
                  Field* first, std::size_t stride) const noexcept {
    first[0] = measurement[0];
    first[stride] = measurement[0];
  }

  void sum_wires(std::size_t, std::span<const Field> measurement, std::span<const Field>, Field,
                 std::span<const Field> weights, std::span<Field>, Field* sums) const noexcept {
    sums[0] = weights[0] * measurement[0];
    sums[1] = sums[0];
  }

  // The square less the value: zero exactly for 0 and 1.
  void evaluate(std::span<const Field> measurement, std::span<const Field> outputs, std::size_t, Field,
                std::span<Field> out) const noexcept {
    out[0] = outputs[0] - measurement[0];
  }

  void truncate(std::span<const Field> measurement, std::span<Field> out) const noexcept { out[0] = measurement[0]; }
};

}  // namespace sotto::privacy
