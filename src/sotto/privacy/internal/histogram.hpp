// The circuit Histogram of draft-irtf-cfrg-vdaf, section 7.4.4: exactly one of `length` buckets is 1, the others are 0.
#pragma once

#include <sotto/privacy/field128.hpp>
#include <sotto/privacy/internal/bit_chunks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

struct Histogram {
  using Field = Field128;
  using Gadget = BitChunks<Field>::Gadget;

  std::size_t length;
  std::size_t chunk_length;

  [[nodiscard]] BitChunks<Field> chunks() const noexcept { return {length, chunk_length}; }
  [[nodiscard]] std::size_t calls() const noexcept { return chunks().calls(); }
  [[nodiscard]] std::size_t parallel() const noexcept { return chunk_length; }
  [[nodiscard]] std::size_t measurement_length() const noexcept { return length; }
  [[nodiscard]] std::size_t joint_rand_length() const noexcept { return calls(); }
  [[nodiscard]] std::size_t output_length() const noexcept { return length; }
  [[nodiscard]] std::size_t evaluation_length() const noexcept { return 2; }

  // Writes the one-hot vector. It compares every index, so that neither time nor addresses tell the bucket.
  // Precondition: bucket < length.
  void encode(std::uint64_t bucket, std::span<Field> measurement) const noexcept {
    for (std::size_t i = 0; i < measurement.size(); ++i) measurement[i] = Field{equal_bit(i, bucket)};
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

  // The range check, and the sum of the buckets less 1.
  void evaluate(std::span<const Field> measurement, std::span<const Field> outputs, std::size_t stride,
                Field share_of_one, std::span<Field> out) const noexcept {
    out[0] = chunks().sum_of(outputs, stride);
    out[1] = -share_of_one;
    for (const Field& bucket : measurement) out[1] += bucket;
  }

  void truncate(std::span<const Field> measurement, std::span<Field> out) const noexcept {
    std::ranges::copy(measurement, out.begin());
  }
};

}  // namespace sotto::privacy
