#include <sotto/train/window_batches.hpp>

#include <sotto/train/seeds.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace sotto::train {

WindowBatches::WindowBatches(const data::Split& split, std::vector<data::Target> targets, const Plan& plan,
                             std::span<const std::uint64_t> item_count, std::uint64_t seed)
    : split_(split),
      plan_(plan),
      seed_(seed),
      targets_(std::move(targets)),
      order_(targets_.size()),
      sampler_(item_count, plan.negative_alpha),
      sparse_(plan.architecture.items > max_full_softmax_items),
      rows_(sparse_ ? plan.architecture.items : 0),
      shards_(plan.shards) {
  std::iota(order_.begin(), order_.end(), 0U);
}

void WindowBatches::begin_epoch(std::uint32_t epoch) {
  std::iota(order_.begin(), order_.end(), 0U);
  Random random = stream_of(seed_, Purpose::user_order, epoch);
  for (std::size_t i = order_.size(); i > 1; --i) {
    std::swap(order_[i - 1], order_[random.below(static_cast<std::uint32_t>(i))]);
  }
}

std::size_t WindowBatches::batches() const noexcept {
  const std::size_t targets_per_batch = plan_.lanes / 2;
  return (targets_.size() + targets_per_batch - 1) / targets_per_batch;
}

std::size_t WindowBatches::lanes_of(std::size_t shard) const {
  return first_lane(shard + 1, plan_.lanes, shards_.size()) - first_lane(shard, plan_.lanes, shards_.size());
}

void WindowBatches::fill(std::size_t number, std::uint64_t step) {
  step_ = step;
  const std::size_t first = number * (plan_.lanes / 2);
  const std::size_t count = std::min(plan_.lanes / 2, targets_.size() - first);
  examples_ = 2 * count;
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    const std::size_t values = plan_.window * lanes_of(shard);
    shards_[shard].starts.assign(values, 1);
    shards_[shard].input.assign(values, 0);
    shards_[shard].label.assign(values, 0.0F);
    shards_[shard].weight.assign(values, 0.0F);
  }
  Random random = stream_of(seed_, Purpose::negatives, step);
  const ItemIndex items = plan_.architecture.items;
  for (std::size_t i = 0; i < count; ++i) {
    const data::Target& target = targets_[order_[first + i]];
    const ItemIndex wanted = split_.log().items_of(target.user)[target.event];
    ItemIndex other = sampler_.draw(random);
    if (other == wanted) other = (other + 1) % items;
    fill_lane(2 * i, target, wanted, 1);
    fill_lane(2 * i + 1, target, other, 0);
  }
  if (!sparse_) return;
  rows_.clear();
  for (Shard& shard : shards_) rows_.rows_of(shard.input, shard.input_row);
}

// The window's last step is the candidate. Where the history is shorter, the steps before it each begin anew: the state
// at the first event is zero.
void WindowBatches::fill_lane(std::size_t lane, const data::Target& target, ItemIndex candidate, float label) {
  std::size_t number = 0;
  while (first_lane(number + 1, plan_.lanes, shards_.size()) <= lane) ++number;
  Shard& shard = shards_[number];
  const std::size_t lanes = lanes_of(number);
  const std::size_t own = lane - first_lane(number, plan_.lanes, shards_.size());
  const std::size_t events = std::min(target.event, plan_.window - 1);
  const auto history = split_.log().items_of(target.user).subspan(target.event - events, events);
  const std::size_t begin = plan_.window - 1 - events;
  for (std::size_t e = 0; e < events; ++e) {
    shard.input[(begin + e) * lanes + own] = history[e];
    if (e > 0) shard.starts[(begin + e) * lanes + own] = 0;
  }
  const std::size_t last = (plan_.window - 1) * lanes + own;
  shard.input[last] = candidate;
  if (events > 0) shard.starts[last] = 0;
  shard.label[last] = label;
  shard.weight[last] = 1.0F / static_cast<float>(examples_);
}

ShardStep WindowBatches::shard(std::size_t number) const {
  const Shard& shard = shards_[number];
  ShardStep step;
  step.steps = plan_.window;
  step.lanes = lanes_of(number);
  step.starts = shard.starts.data();
  step.input = shard.input.data();
  step.input_row = sparse_ ? shard.input_row.data() : step.input;
  step.weight = shard.weight.data();
  step.label = shard.label.data();
  step.loss = Loss::binary;
  step.dropout_seed = seed_of(seed_, Purpose::dropout, step_ * shards_.size() + number);
  return step;
}

std::vector<data::Target> training_targets(const data::Split& split) {
  std::vector<data::Target> targets;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    for (std::size_t event = 1; event < split.training_items(user).size(); ++event) targets.push_back({user, event});
  }
  return targets;
}

}  // namespace sotto::train
