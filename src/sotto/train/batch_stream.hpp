// The data of the optimizer steps. An epoch has a number of batches, and each batch is divided among the shards.
#pragma once

#include <sotto/train/step.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::train {

class BatchStream {
 public:
  virtual ~BatchStream() = default;

  virtual void begin_epoch(std::uint32_t epoch) = 0;
  // Fills batch `number` of the epoch. `step` numbers the optimizer steps of the whole training.
  virtual void fill(std::size_t number, std::uint64_t step) = 0;

  [[nodiscard]] virtual std::size_t lanes_of(std::size_t shard) const = 0;
  [[nodiscard]] virtual ShardStep shard(std::size_t shard) const = 0;
  // The number of positions over which the batch's loss is a mean.
  [[nodiscard]] virtual std::size_t positions() const = 0;
  // The items that have a row in the step's gradient, in row order. Empty if all items have one.
  [[nodiscard]] virtual std::span<const std::uint32_t> row_items() const = 0;
};

// The lanes of a shard are first_lane(shard) … first_lane(shard + 1) - 1.
[[nodiscard]] inline std::size_t first_lane(std::size_t shard, std::size_t lanes, std::size_t shards) noexcept {
  return shard * lanes / shards;
}

}  // namespace sotto::train
