// One optimiser step's data: the next window of every lane, divided among the shards.
#pragma once

#include <sotto/train/epoch_stream.hpp>
#include <sotto/train/negative_sampler.hpp>
#include <sotto/train/plan.hpp>
#include <sotto/train/step.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

class Batch {
 public:
  // `sampler` is null for full softmax; it must outlive the batch.
  Batch(const Plan& plan, const NegativeSampler* sampler, std::uint64_t seed);

  // Window `window` of the epoch. `step` numbers the optimiser steps of the whole training.
  void fill(const EpochStream& stream, std::size_t window, std::uint64_t step);

  [[nodiscard]] std::size_t lanes_of(std::size_t shard) const noexcept;
  [[nodiscard]] ShardStep shard(std::size_t shard) const noexcept;
  [[nodiscard]] std::size_t positions() const noexcept { return positions_; }
  // The items that have a row in the step's gradient, in row order; empty for full softmax: all have.
  [[nodiscard]] std::span<const std::uint32_t> row_items() const noexcept { return row_items_; }

 private:
  struct Shard {
    std::vector<std::uint8_t> starts;
    std::vector<std::uint32_t> input, input_row, target, target_row;
    std::vector<float> weight, target_log_count;
  };

  void fill_shard(const EpochStream& stream, std::size_t first_step, std::size_t shard);
  void assign_rows(std::uint64_t step);
  std::uint32_t row_of(std::uint32_t item);

  std::size_t lanes_;
  std::size_t window_;
  std::size_t negatives_;
  const NegativeSampler* sampler_;
  std::uint64_t seed_;

  std::vector<Shard> shards_;
  std::size_t steps_ = 0;
  std::size_t positions_ = 0;
  std::uint64_t step_ = 0;
  std::vector<std::uint32_t> negative_, negative_row_;
  std::vector<float> negative_log_count_;
  std::vector<std::uint32_t> row_items_;
  std::vector<std::uint32_t> row_of_item_;  // [items], meaningful for items of row_items_
};

}  // namespace sotto::train
