// From the shards' gradients to new parameters: sum in a fixed order, clip, Adam or Adagrad.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/train/compute.hpp>
#include <sotto/train/item_vectors.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

// The gradients of one step, one for each shard, all in the same layout.
struct StepGradients {
  ParameterLayout layout;
  std::vector<const float*> shards;
  // The item behind each item row of the layout; empty when row and item are the same.
  std::span<const std::uint32_t> row_items;
  const ItemVectors* item_vectors = nullptr;  // of a model whose vectors are more than its embedding
};

class Optimizer {
 public:
  Optimizer(const ParameterLayout& layout, OptimizerKind kind, Conventions conventions, double weight_decay,
            double clip_norm);

  // One step. With row_items only those items' rows are updated, moments included (as in "lazy" Adam): the
  // cost does not grow with the catalogue.
  void step(const StepGradients& gradients, double learning_rate, std::span<float> parameters, ThreadPool& pool);

  // What a checkpoint keeps. first_moment() is empty under Adagrad, whose sums of squares are second_moment().
  [[nodiscard]] std::span<float> first_moment() noexcept { return first_moment_.span(); }
  [[nodiscard]] std::span<float> second_moment() noexcept { return second_moment_.span(); }
  struct Powers {
    double beta1 = 1;
    double beta2 = 1;
  };
  [[nodiscard]] Powers powers() const noexcept { return powers_; }
  void set_powers(Powers powers) noexcept { powers_ = powers; }

 private:
  // into[0 … size - 1] = Σ of the arrays; returns the sum of its squares.
  static double sum(std::span<const float* const> arrays, std::size_t size, float* into, ThreadPool& pool);
  void update(const OptimizerStep& step, float* parameters, const float* gradient, std::size_t at, std::size_t count);
  // The parameters from `at` on, by a gradient that lies alike.
  void update_dense(const OptimizerStep& step, const float* gradient, std::size_t at, std::size_t size,
                    float* parameters, ThreadPool& pool);
  void update_rows(const OptimizerStep& step, const StepGradients& gradients, float* parameters, ThreadPool& pool);

  ParameterLayout layout_;
  OptimizerKind kind_;
  Conventions conventions_;
  double weight_decay_;
  double clip_norm_;
  Powers powers_;
  AlignedBuffer<float> first_moment_;
  AlignedBuffer<float> second_moment_;
  AlignedBuffer<float> sum_;  // of the shards' gradients
  AlignedBuffer<float> shared_gradient_;  // of the blocks from layout.shared_begin on
};

}  // namespace sotto::train
