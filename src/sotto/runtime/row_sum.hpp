// A sum of a head's rows, each times a factor: what gradients of the head's input are made of.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/runtime/engine.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace sotto {

class RowSum {
 public:
  // Nothing yet. The engine must outlive this.
  explicit RowSum(const Engine& engine);

  void clear() noexcept;
  // In float32, in the order of the calls: the same bits in every tier.
  void add(std::size_t row, float factor) noexcept;
  // Of what was added since clear(), [hidden_dim]. Valid until the next call.
  [[nodiscard]] std::span<const float> total() noexcept;

 private:
  void add_waiting() noexcept;

  const PackedHead* head_;
  const Kernels* kernels_;
  std::size_t hidden_dim_;
  AlignedBuffer<float> sum_;            // [head's input_size()]
  std::array<ScaledRow, 64> waiting_{};  // as many rows as the nearest cache holds
  std::size_t count_ = 0;
};

}  // namespace sotto
