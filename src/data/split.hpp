// Which events train, which are held out. A split is computed from the log alone, so that the same log
// and the same kind always give the same split.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sotto::data {

enum class SplitKind { leave_last_out, none };

// "leave-last-out" and "none", as written in model files and on the command line.
[[nodiscard]] std::string_view split_kind_name(SplitKind kind) noexcept;
[[nodiscard]] std::optional<SplitKind> parse_split_kind(std::string_view name) noexcept;

// Users with fewer events than this have nothing held out under leave-last-out.
inline constexpr std::size_t min_events_to_hold_out = 3;

// A view on a log; the log must outlive it.
class Split {
 public:
  Split(const Interactions& log, SplitKind kind) noexcept : log_(&log), kind_(kind) {}

  [[nodiscard]] const Interactions& log() const noexcept { return *log_; }
  [[nodiscard]] SplitKind kind() const noexcept { return kind_; }

  // Whether this user has a validation target (second last event) and a test target (last event).
  [[nodiscard]] bool held_out(std::size_t user) const noexcept {
    return kind_ == SplitKind::leave_last_out && log_->items_of(user).size() >= min_events_to_hold_out;
  }
  [[nodiscard]] std::span<const ItemIndex> training_items(std::size_t user) const noexcept {
    const auto all = log_->items_of(user);
    return held_out(user) ? all.first(all.size() - 2) : all;
  }
  [[nodiscard]] SplitRecord record() const;

 private:
  const Interactions* log_;
  SplitKind kind_;
};

// Some users' training items, spread evenly over the log: about `events` of them, or all if there are fewer.
[[nodiscard]] std::vector<std::span<const ItemIndex>> sample_training_sequences(const Split& split, std::size_t events);

}  // namespace sotto::data
