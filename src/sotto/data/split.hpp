// Decides which events are for training and which are held out. A split depends on the log alone. The same log and the
// same kind always give the same split.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sotto::data {

// leave_last_out: for each user with at least three events, the last event is the test target and the second last the
// validation target.
// temporal: two times divide the events of all users. The last tenth of the log's events is for the test, and the tenth
// before it for validation.
// last_session: for each user with at least three sessions, the last session is for the test and the one before it for
// validation. A log without sessions has no held-out events.
// none: all events are for training.
enum class SplitKind { leave_last_out, temporal, last_session, none };

// Returns "leave-last-out", "temporal", "last-session" or "none", as in model files and on the command line.
[[nodiscard]] std::string_view split_kind_name(SplitKind kind) noexcept;
[[nodiscard]] std::optional<SplitKind> parse_split_kind(std::string_view name) noexcept;

// The minimum number of events that a user needs for held-out events under leave-last-out. Under last-session it is the
// minimum number of sessions.
inline constexpr std::size_t min_events_to_hold_out = 3;
inline constexpr std::size_t min_sessions_to_hold_out = 3;

// Some of a user's events, given by their places among the user's events: begin … end - 1.
struct EventRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] bool empty() const noexcept { return begin == end; }
  [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
};

// One event to predict from the earlier events of its user.
struct Target {
  std::size_t user = 0;
  std::size_t event = 0;  // its place among the user's events, ≥ 1

  auto operator<=>(const Target&) const = default;
};

// A view of a log, which must outlive it. Each user's events form three ranges in time order: training, validation,
// test. Any of them may be empty. A user's first event is never a target, because no earlier event can predict it.
class Split {
 public:
  Split(const Interactions& log, SplitKind kind);

  [[nodiscard]] const Interactions& log() const noexcept { return *log_; }
  [[nodiscard]] SplitKind kind() const noexcept { return kind_; }

  [[nodiscard]] std::span<const ItemIndex> training_items(std::size_t user) const noexcept {
    return log_->items_of(user).first(training_end_[user]);
  }
  // Training may use the validation targets for early stopping and fitting. Only evaluation may use the test targets.
  [[nodiscard]] EventRange validation_targets(std::size_t user) const noexcept {
    return targets(training_end_[user], validation_end_[user]);
  }
  [[nodiscard]] EventRange test_targets(std::size_t user) const noexcept {
    return targets(validation_end_[user], log_->items_of(user).size());
  }
  [[nodiscard]] SplitRecord record() const;

  // The split of a final training, when the validation targets have served: their events are for training, too, and
  // nothing is left for validation. The test targets stay the same.
  [[nodiscard]] Split with_validation_trained() const;

 private:
  [[nodiscard]] static EventRange targets(std::size_t begin, std::size_t end) noexcept {
    return {begin == 0 && end > 0 ? 1 : begin, end};
  }
  void leave_last_out();
  void cut_in_time();
  void hold_out_last_sessions();

  const Interactions* log_;
  SplitKind kind_;
  std::vector<std::size_t> training_end_;  // [users]: number of the user's events
  std::vector<std::size_t> validation_end_;  // [users], ≥ training_end_
};

// Returns all users' targets, in order.
[[nodiscard]] std::vector<Target> validation_targets(const Split& split);
[[nodiscard]] std::vector<Target> test_targets(const Split& split);

// Returns the number of training events of each item.
[[nodiscard]] std::vector<std::uint64_t> training_counts(const Split& split);

// Returns some users' training items, spread evenly over the log. They have about `events` events, or all if there are
// fewer.
[[nodiscard]] std::vector<std::span<const ItemIndex>> sample_training_sequences(const Split& split, std::size_t events);

// Tells whether the training events show that users meet each item only once: fewer than one event in a thousand
// repeats an item of its user. The items of a user's history are then no candidates, and published figures for such
// logs leave them out of the ranking.
[[nodiscard]] bool history_never_repeats(const Split& split);

}  // namespace sotto::data
