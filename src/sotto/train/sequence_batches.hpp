// Batches of next-item prediction. Each is the next window of every lane of the epoch's stream.
#pragma once

#include <sotto/train/batch_stream.hpp>
#include <sotto/train/epoch_stream.hpp>
#include <sotto/train/gradient_rows.hpp>
#include <sotto/train/negative_sampler.hpp>
#include <sotto/train/plan.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sotto::train {

class SequenceBatches final : public BatchStream {
 public:
  // The split and the plan must outlive the batches. `item_count`: the number of training events of each item.
  SequenceBatches(const data::Split& split, const Plan& plan, std::span<const std::uint64_t> item_count,
                  std::uint64_t seed);

  void begin_epoch(std::uint32_t epoch) override { stream_.emplace(split_, plan_.lanes, seed_, epoch); }
  void fill(std::size_t number, std::uint64_t step) override;
  [[nodiscard]] std::size_t lanes_of(std::size_t shard) const override;
  [[nodiscard]] ShardStep shard(std::size_t shard) const override;
  [[nodiscard]] std::size_t positions() const override { return positions_; }
  [[nodiscard]] std::span<const std::uint32_t> row_items() const override { return rows_.items(); }

 private:
  struct Shard {
    std::vector<std::uint8_t> starts;
    std::vector<std::uint32_t> input, input_row, target, target_row;
    std::vector<float> weight, target_log_count;
  };

  void fill_shard(std::size_t first_step, std::size_t shard);
  void assign_rows();
  [[nodiscard]] float log_count(ItemIndex item) const;

  const data::Split& split_;
  const Plan& plan_;
  std::uint64_t seed_;
  std::optional<NegativeSampler> sampler_;  // none for full softmax
  GradientRows rows_;                       // also unused for full softmax
  std::optional<EpochStream> stream_;

  std::vector<Shard> shards_;
  std::size_t steps_ = 0;
  std::size_t positions_ = 0;
  std::uint64_t step_ = 0;
  std::vector<std::uint32_t> negative_, negative_row_;
  std::vector<float> negative_log_count_;
};

}  // namespace sotto::train
