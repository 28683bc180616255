// From the shards' gradients to new parameters: sum in a fixed order, clip, Adam.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/train/compute.hpp>
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
};

class Optimiser {
 public:
  Optimiser(const ParameterLayout& layout, double weight_decay, double clip_norm);

  // One step. With row_items only those items' rows are updated, moments included (as in "lazy" Adam): the
  // cost does not grow with the catalogue.
  void step(const StepGradients& gradients, double learning_rate, std::span<float> parameters, ThreadPool& pool);

 private:
  void update_dense(const AdamStep& step, std::size_t size, float* parameters, ThreadPool& pool);
  void update_rows(const AdamStep& step, const StepGradients& gradients, float* parameters, ThreadPool& pool);

  ParameterLayout layout_;
  double weight_decay_;
  double clip_norm_;
  double beta1_power_ = 1;
  double beta2_power_ = 1;
  AlignedBuffer<float> first_moment_;
  AlignedBuffer<float> second_moment_;
  AlignedBuffer<float> sum_;  // of the shards' gradients
};

}  // namespace sotto::train
