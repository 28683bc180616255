// Batches for a binary head, like those of the classic Keras recommender. Each example is a window of a user's latest
// events with a candidate at its end. The label tells whether the candidate came next. Each target gives a pair: the
// item that came next, with label 1, and a random item, with label 0. A lane is a pair, and its history is run once.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/train/batch_stream.hpp>
#include <sotto/train/gradient_rows.hpp>
#include <sotto/train/negative_sampler.hpp>
#include <sotto/train/plan.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

class WindowBatches final : public BatchStream {
 public:
  // The split and the plan must outlive the batches. Purpose::negatives of `seed` draws the candidates with label 0.
  WindowBatches(const data::Split& split, std::vector<data::Target> targets, const Plan& plan,
                std::span<const std::uint64_t> item_count, std::uint64_t seed);

  void begin_epoch(std::uint32_t epoch) override;  // shuffles the targets
  void fill(std::size_t number, std::uint64_t step) override;
  [[nodiscard]] std::size_t lanes_of(std::size_t shard) const override;
  [[nodiscard]] ShardStep shard(std::size_t shard) const override;
  [[nodiscard]] std::size_t positions() const override { return examples_; }
  [[nodiscard]] std::span<const std::uint32_t> row_items() const override { return rows_.items(); }
  [[nodiscard]] std::size_t batches() const noexcept;
  [[nodiscard]] std::size_t targets() const noexcept { return targets_.size(); }

 private:
  struct Shard {
    std::size_t steps = 0;
    std::vector<std::uint8_t> starts, candidate_starts;
    std::vector<std::uint32_t> input, input_row, candidate, candidate_row;
    std::vector<float> candidate_weight, label;
  };
  [[nodiscard]] std::size_t history_events(const data::Target& target) const;  // at least 1
  void fill_lane(std::size_t lane, const data::Target& target, ItemIndex other);

  const data::Split& split_;
  const Plan& plan_;
  std::uint64_t seed_;
  std::vector<data::Target> targets_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> batch_;  // targets of this batch, a lane for each
  NegativeSampler sampler_;
  bool sparse_;  // the gradient has rows for the touched items only
  GradientRows rows_;
  std::vector<Shard> shards_;
  std::size_t examples_ = 0;
  std::uint64_t step_ = 0;
};

// Returns all training events except each user's first event.
[[nodiscard]] std::vector<data::Target> training_targets(const data::Split& split);

}  // namespace sotto::train
