// The room's arithmetic behind one interface, in the fastest tier that this processor runs.
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

// A network's recurrent weights in the order that the products want them in: packed once for all shards of a step.
class PackedNetwork {
 public:
  virtual ~PackedNetwork() = default;
  // pack() takes each part 0 … parts() - 1 by itself, in any order or side by side.
  [[nodiscard]] virtual std::size_t parts() const = 0;
  virtual void pack(std::size_t part, const float* parameters) = 0;
};

// Scratch and carried state of one shard. Used by one thread at a time.
class ShardWorker {
 public:
  virtual ~ShardWorker() = default;
  // Forgets the carried state: the next step is the first of an epoch.
  virtual void reset(std::size_t lanes) = 0;
  // Writes the gradient of Σ weight · loss and returns that sum. `packed`, here and below: of the same parameters.
  virtual double gradient(const float* parameters, const PackedNetwork& packed, const ParameterLayout& gradient_layout,
                          float* gradient, const ShardStep& step) = 0;
  // A binary head's Σ weight · loss and Σ weight of what it got right, without dropout.
  virtual BinarySums binary_loss(const float* parameters, const PackedNetwork& packed, const ShardStep& step) = 0;
  // The carried state, for checkpoints: hidden and cell of each layer, [lanes × H] each.
  [[nodiscard]] virtual std::vector<float> carried() const = 0;
  // After reset(); `values` as carried() gave them for the same number of lanes.
  virtual void set_carried(std::span<const float> values) = 0;
};

// Scratch for ranking. Used by one thread at a time.
class RankWorker {
 public:
  virtual ~RankWorker() = default;
  // Queries come longest first. ranks[count]: 1-based, ties count against the target.
  virtual void rank(const float* parameters, const RankQuery* queries, std::size_t count, std::uint32_t* ranks) = 0;
};

// A score of each item that is a weighted sum of three. All arrays are aligned as AlignedBuffer's, so that sums are
// rounded alike everywhere.
struct ScoreMix {
  std::size_t items = 0;
  std::array<const float*, 3> parts{};  // [items] each
  std::array<double, 3> weights{};
};
using ScoreMixMeans = std::array<double, 3>;  // of each part

struct Compute {
  const char* tier;
  std::unique_ptr<PackedNetwork> (*make_packed_network)(const ParameterLayout& layout);
  std::unique_ptr<ShardWorker> (*make_shard_worker)(const ParameterLayout& layout, const Dropout& dropout);
  std::unique_ptr<RankWorker> (*make_rank_worker)(const ParameterLayout& layout);
  // into[begin … end - 1] = Σ over shards, in their order; returns Σ of the squares.
  double (*sum_gradients)(const float* const* shards, std::size_t count, std::size_t begin, std::size_t end,
                          float* into);
  void (*adam_update)(const OptimizerStep& step, float* parameters, const float* gradient, float* first_moment,
                      float* second_moment, std::size_t count);
  void (*adagrad_update)(const OptimizerStep& step, float* parameters, const float* gradient, float* sum_of_squares,
                         std::size_t count);
  void (*mix_scores)(const ScoreMix& mix, float* scores);
  // From scores to their softmax, in place; returns the parts' means under it.
  ScoreMixMeans (*softmax_means)(const ScoreMix& mix, float* scores);
};

[[nodiscard]] const Compute& compute() noexcept;

}  // namespace sotto::train
