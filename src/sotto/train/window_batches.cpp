#include <sotto/train/window_batches.hpp>

#include <sotto/train/seeds.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>

namespace sotto::train {
namespace {

constexpr std::size_t candidates_per_target = 2;  // the item that came next, and one that did not

}  // namespace

WindowBatches::WindowBatches(const data::Split& split, std::vector<data::Target> targets, const Plan& plan,
                             std::span<const std::uint64_t> item_count, std::uint64_t seed)
    : split_(split),
      plan_(plan),
      seed_(seed),
      targets_(std::move(targets)),
      order_(targets_.size()),
      sampler_(item_count, plan.negative_alpha, plan.draws_untouched),
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

std::size_t WindowBatches::batches() const noexcept { return (targets_.size() + plan_.lanes - 1) / plan_.lanes; }

std::size_t WindowBatches::lanes_of(std::size_t shard) const {
  return first_lane(shard + 1, plan_.lanes, shards_.size()) - first_lane(shard, plan_.lanes, shards_.size());
}

void WindowBatches::fill(std::size_t number, std::uint64_t step) {
  step_ = step;
  const std::size_t first = number * plan_.lanes;
  const std::size_t count = std::min(plan_.lanes, targets_.size() - first);
  examples_ = candidates_per_target * count;
  // The longest histories come first. A shard's lanes then have similar lengths, and its steps are not more than they
  // need.
  batch_.assign(order_.begin() + static_cast<std::ptrdiff_t>(first),
                order_.begin() + static_cast<std::ptrdiff_t>(first + count));
  std::ranges::stable_sort(batch_, std::ranges::greater{},
                           [this](std::uint32_t target) { return history_events(targets_[target]); });
  for (std::size_t number_of_shard = 0; number_of_shard < shards_.size(); ++number_of_shard) {
    const std::size_t lanes = lanes_of(number_of_shard);
    const std::size_t longest = first_lane(number_of_shard, plan_.lanes, shards_.size());
    Shard& shard = shards_[number_of_shard];
    shard.steps = longest < count ? history_events(targets_[batch_[longest]]) : 1;
    shard.starts.assign(shard.steps * lanes, 1);
    shard.input.assign(shard.steps * lanes, 0);
    shard.candidate_starts.assign(candidates_per_target * lanes, 0);
    shard.candidate.assign(candidates_per_target * lanes, 0);
    shard.label.assign(candidates_per_target * lanes, 0.0F);
    shard.candidate_weight.assign(candidates_per_target * lanes, 0.0F);
  }
  Random random = stream_of(seed_, Purpose::negatives, step);
  for (std::size_t lane = 0; lane < count; ++lane) {
    fill_lane(lane, targets_[batch_[lane]], sampler_.draw(random));
  }
  if (!sparse_) return;
  rows_.clear();
  for (Shard& shard : shards_) {
    rows_.rows_of(shard.input, shard.input_row);
    rows_.rows_of(shard.candidate, shard.candidate_row);
  }
}

std::size_t WindowBatches::history_events(const data::Target& target) const {
  return std::min(target.event, plan_.window - 1);
}

// If the history is shorter than its shard's longest, each of the steps before it is a start. The state at the first
// event is thus zero.
void WindowBatches::fill_lane(std::size_t lane, const data::Target& target, ItemIndex other) {
  std::size_t number = 0;
  while (first_lane(number + 1, plan_.lanes, shards_.size()) <= lane) ++number;
  Shard& shard = shards_[number];
  const std::size_t lanes = lanes_of(number);
  const std::size_t own = lane - first_lane(number, plan_.lanes, shards_.size());
  const auto items = split_.log().items_of(target.user);
  const std::size_t events = history_events(target);
  const auto history = items.subspan(target.event - events, events);
  const std::size_t begin = shard.steps - events;
  for (std::size_t e = 0; e < events; ++e) {
    shard.input[(begin + e) * lanes + own] = history[e];
    if (e > 0) shard.starts[(begin + e) * lanes + own] = 0;
  }
  const ItemIndex wanted = items[target.event];
  const std::size_t candidates = candidates_per_target * own;
  shard.candidate[candidates] = wanted;
  shard.label[candidates] = 1;
  shard.candidate[candidates + 1] = other == wanted ? (other + 1) % plan_.architecture.items : other;
  for (std::size_t c = 0; c < candidates_per_target; ++c) {
    shard.candidate_weight[candidates + c] = 1.0F / static_cast<float>(examples_);
  }
}

ShardStep WindowBatches::shard(std::size_t number) const {
  const Shard& shard = shards_[number];
  ShardStep step;
  step.steps = shard.steps;
  step.lanes = lanes_of(number);
  step.starts = shard.starts.data();
  step.input = shard.input.data();
  step.input_row = sparse_ ? shard.input_row.data() : step.input;
  step.loss = Loss::binary;
  step.candidates = candidates_per_target;
  step.candidate_starts = shard.candidate_starts.data();
  step.candidate = shard.candidate.data();
  step.candidate_row = sparse_ ? shard.candidate_row.data() : step.candidate;
  step.label = shard.label.data();
  step.candidate_weight = shard.candidate_weight.data();
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
