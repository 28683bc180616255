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
class EpochStream {
 public:
  EpochStream(const data::Split& split, std::size_t lanes, std::uint64_t seed, std::uint32_t epoch);

  [[nodiscard]] std::size_t positions() const noexcept { return input_.size(); }
  [[nodiscard]] std::size_t lane_length() const noexcept { return lane_length_; }

  // The position at `step` of `lane`, or positions() where the last lane is padded.
  [[nodiscard]] std::size_t at(std::size_t lane, std::size_t step) const noexcept {
    const std::size_t position = lane * lane_length_ + step;
    return position < positions() ? position : positions();
  }
  [[nodiscard]] ItemIndex input(std::size_t position) const noexcept { return input_[position]; }
  [[nodiscard]] ItemIndex target(std::size_t position) const noexcept { return target_[position]; }
  // What the target counts: its event's weight, over the mean of all.
  [[nodiscard]] float weight(std::size_t position) const noexcept { return weight_.empty() ? 1.0F : weight_[position]; }
  [[nodiscard]] bool starts_user(std::size_t position) const noexcept { return starts_[position] != 0; }

 private:
  std::vector<ItemIndex> input_;
  std::vector<ItemIndex> target_;
  std::vector<std::uint8_t> starts_;
  std::vector<float> weight_;  // empty when all events weigh the same
  std::size_t lane_length_ = 0;
};

// The positions of a split: Σ over users of training events - 1, none for a user without events.
[[nodiscard]] std::size_t count_positions(const data::Split& split) noexcept;

// The training events of each item.
[[nodiscard]] std::vector<std::uint64_t> count_items(const data::Split& split);

}  // namespace sotto::train
