// The range check that Histogram and SumVec share: every element of the encoded measurement is 0 or 1. Each call of the
// gadget checks a chunk: the sum over its elements m of r^(j + 1) * m * (m - 1), where r is random for each chunk.
#pragma once

#include <sotto/privacy/internal/gadgets.hpp>
#include <sotto/privacy/internal/product_sum.hpp>

#include <cstddef>
#include <span>

namespace sotto::privacy {

template <class FieldType>
struct BitChunks {
  using Field = FieldType;
  using Gadget = Product<Field>;

  std::size_t length;  // elements of the encoded measurement
  std::size_t chunk_length;  // >= 1

  [[nodiscard]] std::size_t calls() const noexcept { return (length + chunk_length - 1) / chunk_length; }

  void fill_wires(std::size_t j, std::span<const Field> measurement, std::span<const Field> joint_rand,
                  Field share_of_one, std::span<Field> powers, Field* first, std::size_t stride) const noexcept {
    for (std::size_t k = 0; k < powers.size(); ++k) {
      powers[k] = j == 0 ? joint_rand[k] : powers[k] * joint_rand[k];
      const std::size_t index = k * chunk_length + j;
      const Field element = index < measurement.size() ? measurement[index] : Field{};
      first[k] = powers[k] * element;
      first[stride + k] = element - share_of_one;
    }
  }

  // What fill_wires would write, each wire summed up with `weights`: the weights go into the powers, so that an element
  // takes one product that is reduced and two that are not.
  void sum_wires(std::size_t j, std::span<const Field> measurement, std::span<const Field> joint_rand,
                 Field weighted_one, std::span<const Field> weights, std::span<Field> powers,
                 Field* sums) const noexcept {
    ProductSum<Field> first;
    ProductSum<Field> second;
    for (std::size_t k = 0; k < powers.size(); ++k) {
      powers[k] = (j == 0 ? weights[k] : powers[k]) * joint_rand[k];
      const std::size_t index = k * chunk_length + j;
      const Field element = index < measurement.size() ? measurement[index] : Field{};
      first.add(powers[k], element);
      second.add(weights[k], element);
    }
    sums[0] = first.value();
    sums[1] = second.value() - weighted_one;
  }

  // The sum of the gadget's outputs: zero when all elements are 0 or 1.
  [[nodiscard]] Field sum_of(std::span<const Field> outputs, std::size_t stride) const noexcept {
    Field sum;
    for (std::size_t k = 0; k < calls(); ++k) sum += outputs[k * stride];
    return sum;
  }
};

}  // namespace sotto::privacy
