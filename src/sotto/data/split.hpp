// Which events train, which are held out. A split is computed from the log alone, so that the same log
// and the same kind always give the same split.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sotto::data {

// leave_last_out: of each user with at least three events the last is the test target and the second last the
// validation target. temporal: two cuts in time for everybody; of the log's events the last tenth is for the test, the
// tenth before it for validation. last_session: of each user with at least three sessions the last is for the test, the
// one before it for validation; a log without sessions has nothing held out. none: everything trains.
enum class SplitKind { leave_last_out, temporal, last_session, none };

// "leave-last-out", "temporal", "last-session" and "none", as written in model files and on the command line.
[[nodiscard]] std::string_view split_kind_name(SplitKind kind) noexcept;
[[nodiscard]] std::optional<SplitKind> parse_split_kind(std::string_view name) noexcept;

// Users with fewer events than this have nothing held out under leave-last-out; those with fewer sessions under
// last-session.
inline constexpr std::size_t min_events_to_hold_out = 3;
inline constexpr std::size_t min_sessions_to_hold_out = 3;

// Some of a user's events, by their places among them: begin … end - 1.
struct EventRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] bool empty() const noexcept { return begin == end; }
  [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
};

// One event to predict from its user's earlier ones.
struct Target {
  std::size_t user = 0;
  std::size_t event = 0;  // its place among the user's events, ≥ 1

  auto operator<=>(const Target&) const = default;
};

// A view on a log; the log must outlive it. Each user's events are three stretches in time order: training,
// validation, test, any of them empty. A user's first event is never a target: nothing comes before it to predict it
// from.
class Split {
 public:
  Split(const Interactions& log, SplitKind kind);

  [[nodiscard]] const Interactions& log() const noexcept { return *log_; }
  [[nodiscard]] SplitKind kind() const noexcept { return kind_; }

  [[nodiscard]] std::span<const ItemIndex> training_items(std::size_t user) const noexcept {
    return log_->items_of(user).first(training_end_[user]);
  }
  // The targets that training may look at to stop and to fit, and those that only evaluation may.
  [[nodiscard]] EventRange validation_targets(std::size_t user) const noexcept {
    return targets(training_end_[user], validation_end_[user]);
  }
  [[nodiscard]] EventRange test_targets(std::size_t user) const noexcept {
    return targets(validation_end_[user], log_->items_of(user).size());
  }
  [[nodiscard]] SplitRecord record() const;

 private:
  [[nodiscard]] static EventRange targets(std::size_t begin, std::size_t end) noexcept {
    return {begin == 0 && end > 0 ? 1 : begin, end};
  }
  void leave_last_out();
  void cut_in_time();
  void hold_out_last_sessions();

  const Interactions* log_;
  SplitKind kind_;
  std::vector<std::size_t> training_end_;  // [users]: a count of the user's events
  std::vector<std::size_t> validation_end_;  // likewise, ≥ training_end_
};

// All users' targets, in order.
[[nodiscard]] std::vector<Target> validation_targets(const Split& split);
[[nodiscard]] std::vector<Target> test_targets(const Split& split);

// The number of training events of each item.
[[nodiscard]] std::vector<std::uint64_t> training_counts(const Split& split);

// Some users' training items, spread evenly over the log: about `events` of them, or all if there are fewer.
[[nodiscard]] std::vector<std::span<const ItemIndex>> sample_training_sequences(const Split& split, std::size_t events);

}  // namespace sotto::data
