// The interface to the arithmetic of this room, in the fastest tier that this processor can run.
#pragma once

#include <sotto/train/layout.hpp>
#include <sotto/train/optimizer_step.hpp>
#include <sotto/train/rank_query.hpp>
#include <sotto/train/step.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sotto::train {

struct BinarySums {
  double loss = 0;
  double correct = 0;
};

// A network's recurrent weights in the order in which matrix products read them. They are packed once for all shards of
// a step.
class PackedNetwork {
 public:
  virtual ~PackedNetwork() = default;
  // Precondition of use: pack() was called for each part 0 … parts() - 1, in any order or in parallel.
  [[nodiscard]] virtual std::size_t parts() const = 0;
  virtual void pack(std::size_t part, const float* parameters) = 0;
};

// Scratch and carried state of one shard. One thread at a time may use it.
class ShardWorker {
 public:
  virtual ~ShardWorker() = default;
  // Forgets the carried state. The next step is the first of an epoch.
  virtual void reset(std::size_t lanes) = 0;
  // Writes the gradient of Σ weight · loss and returns that sum. Precondition, here and below: `packed` holds the same
  // parameters.
  virtual double gradient(const float* parameters, const PackedNetwork& packed, const ParameterLayout& gradient_layout,
                          float* gradient, const ShardStep& step) = 0;
  // Returns a binary head's Σ weight · loss and Σ weight of correct predictions, without dropout.
  virtual BinarySums binary_loss(const float* parameters, const PackedNetwork& packed, const ShardStep& step) = 0;
  // Returns the carried state for checkpoints: hidden and cell state of each layer, [lanes × H] each.
  [[nodiscard]] virtual std::vector<float> carried() const = 0;
  // Restores the result of carried(). Precondition: reset() was called with the same number of lanes.
  virtual void set_carried(std::span<const float> values) = 0;
};

// Scratch for ranking. One thread at a time may use it.
class RankWorker {
 public:
  virtual ~RankWorker() = default;
  // Writes ranks[count], from 1, with ties counted against the target. Precondition: the longest queries come first.
  virtual void rank(const float* parameters, const RankQuery* queries, std::size_t count, std::uint32_t* ranks) = 0;
};

// Each item's score as a weighted sum of three scores. All arrays have the alignment of AlignedBuffer, so that every
// machine rounds the sums in the same way.
struct ScoreMix {
  std::size_t items = 0;
  std::array<const float*, 3> parts{};  // [items] each
  std::array<double, 3> weights{};
};
using ScoreMixMeans = std::array<double, 3>;  // one mean for each part

struct Compute {
  const char* tier;
  std::unique_ptr<PackedNetwork> (*make_packed_network)(const ParameterLayout& layout);
  std::unique_ptr<ShardWorker> (*make_shard_worker)(const ParameterLayout& layout, const Dropout& dropout);
  std::unique_ptr<RankWorker> (*make_rank_worker)(const ParameterLayout& layout);
  // Writes into[begin … end - 1] = Σ over the shards in their order. Returns the sum of the squares.
  double (*sum_gradients)(const float* const* shards, std::size_t count, std::size_t begin, std::size_t end,
                          float* into);
  void (*adam_update)(const OptimizerStep& step, float* parameters, const float* gradient, float* first_moment,
                      float* second_moment, std::size_t count);
  void (*adagrad_update)(const OptimizerStep& step, float* parameters, const float* gradient, float* sum_of_squares,
                         std::size_t count);
  void (*mix_scores)(const ScoreMix& mix, float* scores);
  // Replaces the scores by their softmax and returns the means of the parts under it.
  ScoreMixMeans (*softmax_means)(const ScoreMix& mix, float* scores);
};

[[nodiscard]] const Compute& compute() noexcept;

}  // namespace sotto::train
