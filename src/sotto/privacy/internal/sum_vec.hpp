// The circuit SumVec of draft-irtf-cfrg-vdaf, section 7.4.3: a vector of integers from 0 to `max`.
#pragma once

#include <sotto/privacy/internal/bit_chunks.hpp>
#include <sotto/privacy/internal/range_checked_integer.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

// Preconditions: max has fewer bits than the field's modulus.
template <class FieldType>
struct SumVec {
  using Field = FieldType;
  using Gadget = BitChunks<Field>::Gadget;

  std::size_t length;
  std::uint64_t max;
  std::size_t chunk_length;

  [[nodiscard]] RangeCheckedInteger integer() const noexcept { return {max}; }
  [[nodiscard]] BitChunks<Field> chunks() const noexcept { return {measurement_length(), chunk_length}; }
  [[nodiscard]] std::size_t calls() const noexcept { return chunks().calls(); }
  [[nodiscard]] std::size_t parallel() const noexcept { return chunk_length; }
  [[nodiscard]] std::size_t measurement_length() const noexcept { return length * integer().bits(); }
  [[nodiscard]] std::size_t joint_rand_length() const noexcept { return calls(); }
  [[nodiscard]] std::size_t output_length() const noexcept { return length; }
  [[nodiscard]] std::size_t evaluation_length() const noexcept { return 1; }

  // Precondition: values.size() == length, each value <= max.
  void encode(std::span<const std::uint64_t> values, std::span<Field> measurement) const noexcept {
    const std::size_t bits = integer().bits();
    for (std::size_t i = 0; i < length; ++i) integer().encode(values[i], measurement.subspan(i * bits, bits));
  }

  void fill_wires(std::size_t j, std::span<const Field> measurement, std::span<const Field> joint_rand,
                  Field share_of_one, std::span<Field> powers, Field* first, std::size_t stride) const noexcept {
    chunks().fill_wires(j, measurement, joint_rand, share_of_one, powers, first, stride);
  }

  void sum_wires(std::size_t j, std::span<const Field> measurement, std::span<const Field> joint_rand,
                 Field weighted_one, std::span<const Field> weights, std::span<Field> powers,
                 Field* sums) const noexcept {
    chunks().sum_wires(j, measurement, joint_rand, weighted_one, weights, powers, sums);
  }

  void evaluate(std::span<const Field>, std::span<const Field> outputs, std::size_t stride, Field,
                std::span<Field> out) const noexcept {
    out[0] = chunks().sum_of(outputs, stride);
  }

  void truncate(std::span<const Field> measurement, std::span<Field> out) const noexcept {
    const std::size_t bits = integer().bits();
    for (std::size_t i = 0; i < length; ++i) out[i] = integer().decode(measurement.subspan(i * bits, bits));
  }
};

}  // namespace sotto::privacy
