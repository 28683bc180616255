#include <sotto/train/batch.hpp>

#include <sotto/train/seeds.hpp>

#include <algorithm>

namespace sotto::train {
namespace {

constexpr std::uint32_t no_row = 0xffff'ffffU;

}  // namespace

Batch::Batch(const Plan& plan, const NegativeSampler* sampler, std::uint64_t seed)
    : lanes_(plan.lanes),
      window_(plan.window),
      negatives_(sampler == nullptr ? 0 : plan.negatives),
      sampler_(sampler),
      seed_(seed),
      shards_(plan.shards),
      row_of_item_(sampler == nullptr ? 0 : plan.architecture.items, no_row) {}

std::size_t Batch::lanes_of(std::size_t shard) const noexcept {
  return (shard + 1) * lanes_ / shards_.size() - shard * lanes_ / shards_.size();
}

void Batch::fill(const EpochStream& stream, std::size_t window, std::uint64_t step) {
  const std::size_t first_step = window * window_;
  steps_ = std::min(window_, stream.lane_length() - first_step);
  step_ = step;
  positions_ = 0;
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    for (std::size_t t = 0; t < steps_; ++t) {
      if (stream.at(lane, first_step + t) < stream.positions()) ++positions_;
    }
  }
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) fill_shard(stream, first_step, shard);
  if (sampler_ != nullptr) assign_rows(step);
}

void Batch::fill_shard(const EpochStream& stream, std::size_t first_step, std::size_t shard_number) {
  Shard& shard = shards_[shard_number];
  const std::size_t first_lane = shard_number * lanes_ / shards_.size();
  const std::size_t lanes = lanes_of(shard_number);
  const float weight = 1.0F / static_cast<float>(positions_);
  shard.starts.assign(steps_ * lanes, 1);
  shard.input.assign(steps_ * lanes, 0);
  shard.target.assign(steps_ * lanes, 0);
  shard.weight.assign(steps_ * lanes, 0.0F);  // stays 0 for padding
  for (std::size_t t = 0; t < steps_; ++t) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t position = stream.at(first_lane + lane, first_step + t);
      if (position == stream.positions()) continue;
      const std::size_t row = t * lanes + lane;
      shard.starts[row] = stream.starts_user(position) ? 1 : 0;
      shard.input[row] = stream.input(position);
      shard.target[row] = stream.target(position);
      shard.weight[row] = weight;
    }
  }
}

// Gives every item of the step a row in the gradient, in order of appearance.
void Batch::assign_rows(std::uint64_t step) {
  for (const std::uint32_t item : row_items_) row_of_item_[item] = no_row;
  row_items_.clear();
  for (Shard& shard : shards_) {
    shard.input_row.clear();
    shard.target_row.clear();
    shard.target_log_count.clear();
    for (const std::uint32_t item : shard.input) shard.input_row.push_back(row_of(item));
    for (const std::uint32_t item : shard.target) {
      shard.target_row.push_back(row_of(item));
      shard.target_log_count.push_back(sampler_->log_count(item, negatives_));
    }
  }
  Random random = stream_of(seed_, Purpose::negatives, step);
  negative_.clear();
  negative_row_.clear();
  negative_log_count_.clear();
  for (std::size_t n = 0; n < negatives_; ++n) {
    const ItemIndex item = sampler_->draw(random);
    negative_.push_back(item);
    negative_row_.push_back(row_of(item));
    negative_log_count_.push_back(sampler_->log_count(item, negatives_));
  }
}

std::uint32_t Batch::row_of(std::uint32_t item) {
  if (row_of_item_[item] == no_row) {
    row_of_item_[item] = static_cast<std::uint32_t>(row_items_.size());
    row_items_.push_back(item);
  }
  return row_of_item_[item];
}

ShardStep Batch::shard(std::size_t number) const noexcept {
  const Shard& shard = shards_[number];
  ShardStep step;
  step.steps = steps_;
  step.lanes = lanes_of(number);
  step.starts = shard.starts.data();
  step.input = shard.input.data();
  step.target = shard.target.data();
  step.weight = shard.weight.data();
  step.dropout_seed = seed_of(seed_, Purpose::dropout, step_ * shards_.size() + number);
  if (sampler_ == nullptr) {
    step.input_row = step.input;
    step.target_row = step.target;
  } else {
    step.input_row = shard.input_row.data();
    step.target_row = shard.target_row.data();
    step.negatives = negatives_;
    step.negative = negative_.data();
    step.negative_row = negative_row_.data();
    step.negative_log_count = negative_log_count_.data();
    step.target_log_count = shard.target_log_count.data();
  }
  return step;
}

}  // namespace sotto::train
