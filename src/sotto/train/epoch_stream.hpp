// One epoch's training positions in the order in which they are trained on.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::train {

// All users' positions (an event and the event that follows it) one user after another in a seeded order,
// cut into lanes of equal length. Windows move down all lanes at once and the LSTM's state is carried from
// window to window, so that long users are learned from whole and short ones leave no padding. A user that
// straddles a cut starts afresh in the next lane.
//
// A position takes 4 bytes: the row of its target. All else is looked up in the log, which must outlive the stream.
class EpochStream {
 public:
  EpochStream(const data::Split& split, std::size_t lanes, std::uint64_t seed, std::uint32_t epoch);

  [[nodiscard]] std::size_t positions() const noexcept { return target_row_.size(); }
  [[nodiscard]] std::size_t lane_length() const noexcept { return lane_length_; }

  // The position at `step` of `lane`, or positions() where the last lane is padded.
  [[nodiscard]] std::size_t at(std::size_t lane, std::size_t step) const noexcept {
    const std::size_t position = lane * lane_length_ + step;
    return position < positions() ? position : positions();
  }
  [[nodiscard]] ItemIndex input(std::size_t position) const noexcept { return log_.item[target_row_[position] - 1]; }
  [[nodiscard]] ItemIndex target(std::size_t position) const noexcept { return log_.item[target_row_[position]]; }
  // What the target counts: its event's weight, over the mean of all.
  [[nodiscard]] float weight(std::size_t position) const noexcept {
    return log_.weight.empty() ? 1.0F : log_.weight[target_row_[position]] * weight_scale_;
  }
  // A user's targets are consecutive rows; the row before a user's first target is never another user's target.
  [[nodiscard]] bool starts_user(std::size_t position) const noexcept {
    return position == 0 || target_row_[position] != target_row_[position - 1] + 1;
  }

 private:
  const data::Interactions& log_;
  std::vector<std::uint32_t> target_row_;  // data::max_events bounds it
  float weight_scale_ = 1;
  std::size_t lane_length_ = 0;
};

// The positions of a split: Σ over users of training events - 1, none for a user without events.
[[nodiscard]] std::size_t count_positions(const data::Split& split) noexcept;

}  // namespace sotto::train
