// A sum of a head's rows, each times a factor. Gradients with respect to the head's input are such sums.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/runtime/engine.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace sotto {

class RowSum {
 public:
  // The sum starts empty. The engine must outlive it.
  explicit RowSum(const Engine& engine);

  void clear() noexcept;
  // Adds in float32 in the order of the calls, so that every tier gives the same bits.
  void add(std::size_t row, float factor) noexcept;
  // Returns the sum of all additions since clear(), [hidden_dim]. Valid until the next call.
  [[nodiscard]] std::span<const float> total() noexcept;

 private:
  void add_waiting() noexcept;

  const PackedHead* head_;
  const Kernels* kernels_;
  std::size_t hidden_dim_;
  AlignedBuffer<float> sum_;            // [head's input_size()]
  std::array<ScaledRow, 64> waiting_{};  // as many rows as fit in the L1 cache
  std::size_t count_ = 0;
};

}  // namespace sotto
