// One tier's implementation of compute.hpp. Only one source file of each tier includes this header.
#pragma once

#include <sotto/train/adagrad.hpp>
#include <sotto/train/adam.hpp>
#include <sotto/train/compute.hpp>
#include <sotto/train/gradient_shard.hpp>
#include <sotto/train/score_mix.hpp>
#include <sotto/train/target_ranks.hpp>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

class TierPackedNetwork final : public PackedNetwork {
 public:
  explicit TierPackedNetwork(const ParameterLayout& layout) : layout_(layout), layers_(layout.layers) {}
  [[nodiscard]] std::size_t parts() const override { return 2 * layout_.layers; }
  void pack(std::size_t part, const float* parameters) override {
    if (part % 2 == 0) {
      layers_.pack_forward(layout_, part / 2, parameters);
    } else {
      layers_.pack_backward(layout_, part / 2, parameters);
    }
  }
  [[nodiscard]] const PackedLayers<float>& layers() const { return layers_; }

 private:
  ParameterLayout layout_;
  PackedLayers<float> layers_;
};

class TierShardWorker final : public ShardWorker {
 public:
  TierShardWorker(const ParameterLayout& layout, const Dropout& dropout) : layout_(layout), dropout_(dropout) {}
  void reset(std::size_t lanes) override { reset_state(layout_, lanes, scratch_); }
  double gradient(const float* parameters, const PackedNetwork& packed, const ParameterLayout& gradient_layout,
                  float* gradient, const ShardStep& step) override {
    return shard_gradient(layout_, parameters, layers_of(packed), gradient_layout, gradient, step, dropout_, scratch_,
                          candidates_);
  }
  BinarySums binary_loss(const float* parameters, const PackedNetwork& packed, const ShardStep& step) override {
    const BinaryLoss sums = shard_binary_loss(layout_, parameters, layers_of(packed), step, scratch_, candidates_);
    return {sums.loss, sums.correct};
  }
  [[nodiscard]] std::vector<float> carried() const override {
    std::vector<float> values;
    for (const auto& layer : scratch_.layers) {
      for (const auto* part : {&layer.state.hidden, &layer.state.cell}) {
        values.insert(values.end(), part->data(), part->data() + part->size());
      }
    }
    return values;
  }
  void set_carried(std::span<const float> values) override {
    for (auto& layer : scratch_.layers) {
      for (auto* part : {&layer.state.hidden, &layer.state.cell}) {
        std::copy_n(values.data(), part->size(), part->data());
        values = values.subspan(static_cast<std::size_t>(part->size()));
      }
    }
  }

 private:
  static const PackedLayers<float>& layers_of(const PackedNetwork& packed) {
    return static_cast<const TierPackedNetwork&>(packed).layers();
  }

  ParameterLayout layout_;
  Dropout dropout_;
  ShardScratch<float> scratch_;
  ShardScratch<float> candidates_;
};

class TierRankWorker final : public RankWorker {
 public:
  explicit TierRankWorker(const ParameterLayout& layout) : layout_(layout), scratch_(layout) {}
  void rank(const float* parameters, const RankQuery* queries, std::size_t count, std::uint32_t* ranks) override {
    rank_targets(layout_, parameters, queries, count, ranks, scratch_);
  }

 private:
  ParameterLayout layout_;
  RankScratch<float> scratch_;
};

inline double tier_sum_gradients(const float* const* shards, std::size_t count, std::size_t begin, std::size_t end,
                                 float* into) {
  RowMap<float> sum(into + begin, index(end - begin));
  sum = ConstRowMap<float>(shards[0] + begin, sum.size());
  for (std::size_t s = 1; s < count; ++s) sum += ConstRowMap<float>(shards[s] + begin, sum.size());
  return static_cast<double>(sum.square().sum());
}

[[nodiscard]] inline Compute tier_compute(const char* tier) {
  return {tier,
          [](const ParameterLayout& layout) -> std::unique_ptr<PackedNetwork> {
            return std::make_unique<TierPackedNetwork>(layout);
          },
          [](const ParameterLayout& layout, const Dropout& dropout) -> std::unique_ptr<ShardWorker> {
            return std::make_unique<TierShardWorker>(layout, dropout);
          },
          [](const ParameterLayout& layout) -> std::unique_ptr<RankWorker> {
            return std::make_unique<TierRankWorker>(layout);
          },
          &tier_sum_gradients,
          &adam_update<float>,
          &adagrad_update<float>,
          &mix_scores<float>,
          &softmax_means<float>};
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
