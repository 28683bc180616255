// Computes new parameters from the shards' gradients: sums in a fixed order, clips, then applies Adam or Adagrad.
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
  // The item behind each item row of the layout. Empty if rows and items are the same.
  std::span<const std::uint32_t> row_items;
  const ItemVectors* item_vectors = nullptr;  // set if the model's vectors differ from its embedding
};

class Optimizer {
 public:
  Optimizer(const ParameterLayout& layout, OptimizerKind kind, Conventions conventions, double weight_decay,
            double clip_norm);

  // Takes one step. With row_items, only those items' rows are updated, including their moments (as in "lazy" Adam).
  // The cost then does not grow with the catalogue.
  void step(const StepGradients& gradients, double learning_rate, std::span<float> parameters, ThreadPool& pool);

  // The values that a checkpoint keeps. Under Adagrad, first_moment() is empty and second_moment() holds the sums of
  // squares.
  [[nodiscard]] std::span<float> first_moment() noexcept { return first_moment_.span(); }
  [[nodiscard]] std::span<float> second_moment() noexcept { return second_moment_.span(); }
  struct Powers {
    double beta1 = 1;
    double beta2 = 1;
  };
  [[nodiscard]] Powers powers() const noexcept { return powers_; }
  void set_powers(Powers powers) noexcept { powers_ = powers; }

 private:
  // Writes into[0 … size - 1] = Σ of the arrays. Returns the sum of its squares.
  static double sum(std::span<const float* const> arrays, std::size_t size, float* into, ThreadPool& pool);
  void update(const OptimizerStep& step, float* parameters, const float* gradient, std::size_t at, std::size_t count);
  // Updates the parameters from `at` on, by a gradient with the same layout.
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
  AlignedBuffer<float> sum_;  // sum of the shards' gradients
  AlignedBuffer<float> shared_gradient_;  // gradient of the blocks from layout.shared_begin on
};

}  // namespace sotto::train
