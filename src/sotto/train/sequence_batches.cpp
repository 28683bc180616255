#include <sotto/train/sequence_batches.hpp>

#include <sotto/train/seeds.hpp>

#include <algorithm>

namespace sotto::train {

SequenceBatches::SequenceBatches(const data::Split& split, const Plan& plan, std::span<const std::uint64_t> item_count,
                                 std::uint64_t seed)
    : split_(split),
      plan_(plan),
      seed_(seed),
      rows_(plan.negatives == 0 ? 0 : plan.architecture.items),
      shards_(plan.shards) {
  if (plan.negatives != 0) sampler_.emplace(item_count, plan.negative_alpha, plan.draws_untouched);
}

std::size_t SequenceBatches::lanes_of(std::size_t shard) const {
  return first_lane(shard + 1, plan_.lanes, shards_.size()) - first_lane(shard, plan_.lanes, shards_.size());
}

void SequenceBatches::fill(std::size_t number, std::uint64_t step) {
  const std::size_t first_step = number * plan_.window;
  steps_ = std::min(plan_.window, stream_->lane_length() - first_step);
  step_ = step;
  positions_ = 0;
  for (std::size_t lane = 0; lane < plan_.lanes; ++lane) {
    for (std::size_t t = 0; t < steps_; ++t) {
      if (stream_->at(lane, first_step + t) < stream_->positions()) ++positions_;
    }
  }
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) fill_shard(first_step, shard);
  if (sampler_) assign_rows();
}

void SequenceBatches::fill_shard(std::size_t first_step, std::size_t shard_number) {
  Shard& shard = shards_[shard_number];
  const std::size_t lane_of_shard = first_lane(shard_number, plan_.lanes, shards_.size());
  const std::size_t lanes = lanes_of(shard_number);
  const float weight = 1.0F / static_cast<float>(positions_);
  shard.starts.assign(steps_ * lanes, 1);
  shard.input.assign(steps_ * lanes, 0);
  shard.target.assign(steps_ * lanes, 0);
  shard.weight.assign(steps_ * lanes, 0.0F);  // stays 0 for padding
  for (std::size_t t = 0; t < steps_; ++t) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t position = stream_->at(lane_of_shard + lane, first_step + t);
      if (position == stream_->positions()) continue;
      const std::size_t row = t * lanes + lane;
      shard.starts[row] = stream_->starts_user(position) ? 1 : 0;
      shard.input[row] = stream_->input(position);
      shard.target[row] = stream_->target(position);
      shard.weight[row] = weight * stream_->weight(position);
    }
  }
}

float SequenceBatches::log_count(ItemIndex item) const {
  return plan_.loss == Loss::cross_entropy ? sampler_->log_count(item, plan_.negatives) : 0.0F;
}

void SequenceBatches::assign_rows() {
  rows_.clear();
  for (Shard& shard : shards_) {
    rows_.rows_of(shard.input, shard.input_row);
    rows_.rows_of(shard.target, shard.target_row);
    shard.target_log_count.clear();
    for (const std::uint32_t item : shard.target) shard.target_log_count.push_back(log_count(item));
  }
  Random random = stream_of(seed_, Purpose::negatives, step_);
  negative_.clear();
  negative_log_count_.clear();
  for (std::size_t n = 0; n < plan_.negatives; ++n) {
    negative_.push_back(sampler_->draw(random));
    negative_log_count_.push_back(log_count(negative_.back()));
  }
  rows_.rows_of(negative_, negative_row_);
}

ShardStep SequenceBatches::shard(std::size_t number) const {
  const Shard& shard = shards_[number];
  ShardStep step;
  step.steps = steps_;
  step.lanes = lanes_of(number);
  step.starts = shard.starts.data();
  step.input = shard.input.data();
  step.target = shard.target.data();
  step.weight = shard.weight.data();
  step.dropout_seed = seed_of(seed_, Purpose::dropout, step_ * shards_.size() + number);
  step.loss = plan_.loss;
  if (!sampler_) {
    step.input_row = step.input;
    step.target_row = step.target;
  } else {
    step.input_row = shard.input_row.data();
    step.target_row = shard.target_row.data();
    step.negatives = plan_.negatives;
    step.negative = negative_.data();
    step.negative_row = negative_row_.data();
    step.negative_log_count = negative_log_count_.data();
    step.target_log_count = shard.target_log_count.data();
  }
  return step;
}

}  // namespace sotto::train
