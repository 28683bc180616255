// One epoch's training positions in training order.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::train {

// A position is an event with the event that follows it. The positions of all users follow each other in a seeded order
// and are cut into lanes of equal length. Windows advance through all lanes at once. The LSTM's state is carried from
// window to window. Long users are thus learned as a whole, and short ones leave no padding. A user that crosses a cut
// starts with an empty state in the next lane.
//
// A position takes 4 bytes: the row of its target. All other data is read from the log, which must outlive the stream.
class EpochStream {
 public:
  EpochStream(const data::Split& split, std::size_t lanes, std::uint64_t seed, std::uint32_t epoch);

  [[nodiscard]] std::size_t positions() const noexcept { return target_row_.size(); }
  [[nodiscard]] std::size_t lane_length() const noexcept { return lane_length_; }

  // Returns the position at `step` of `lane`, or positions() in the padding of the last lane.
  [[nodiscard]] std::size_t at(std::size_t lane, std::size_t step) const noexcept {
    const std::size_t position = lane * lane_length_ + step;
    return position < positions() ? position : positions();
  }
  [[nodiscard]] ItemIndex input(std::size_t position) const noexcept { return log_.item[target_row_[position] - 1]; }
  [[nodiscard]] ItemIndex target(std::size_t position) const noexcept { return log_.item[target_row_[position]]; }
  // Returns the target's weight: its event's weight divided by the mean weight of all targets.
  [[nodiscard]] float weight(std::size_t position) const noexcept {
    return log_.weight.empty() ? 1.0F : log_.weight[target_row_[position]] * weight_scale_;
  }
  // A user's targets are consecutive rows. The row before a user's first target is never another user's target.
  [[nodiscard]] bool starts_user(std::size_t position) const noexcept {
    return position == 0 || target_row_[position] != target_row_[position - 1] + 1;
  }

 private:
  const data::Interactions& log_;
  std::vector<std::uint32_t> target_row_;  // data::max_events limits it
  float weight_scale_ = 1;
  std::size_t lane_length_ = 0;
};

// Returns the number of positions of a split: Σ over users of training events - 1, and 0 for a user without events.
[[nodiscard]] std::size_t count_positions(const data::Split& split) noexcept;

}  // namespace sotto::train
