// Computes the features of the personal memory (model/memory_term.hpp) for each item of the user's own past, with the
// times of its events. They tell whether the user returns to the item now.
#pragma once

#include <sotto/model/history_term.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/model/memory_term.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// An item of the past, and the place of each feature's weight in a MemoryTerm.
struct MemoryEvidence {
  ItemIndex item;
  std::array<std::uint16_t, memory_features> weight;
};

// A user's events with their times, oldest first, at most history_capacity of them.
struct TimedHistory {
  std::span<const ItemIndex> events;
  std::span<const std::int64_t> times;  // seconds since 1970, ascending (equal times allowed), within ±max_seconds
};

// Scratch of one thread: 2 bytes for each item. Allocates at construction only.
class MemoryLookup {
 public:
  explicit MemoryLookup(std::uint32_t items);

  // Returns one entry for each distinct item, in the order of their first events. now: within ±max_seconds. A time
  // before the latest event is raised to that event's time. expected: the model's own probability of each item, at
  // least [items]. Valid until the next call.
  [[nodiscard]] std::span<const MemoryEvidence> evidence(const TimedHistory& history, std::int64_t now,
                                                         std::span<const float> expected) noexcept;

 private:
  struct Past {
    ItemIndex item;
    std::uint32_t last_place;
    std::uint32_t first_visit;
    std::uint32_t last_visit;
    std::uint32_t visits;
    std::uint32_t company;
    std::uint32_t credited_visit;  // 1 + the latest visit that counts for company, 0: none
    std::uint32_t follows;
    std::uint32_t sequence;  // at 2^-16
    std::int64_t first_time;
  };
  // Values that are the same for all items at one moment.
  struct Moment;

  void number_visits() noexcept;
  void collect_past() noexcept;
  void count_company(const Moment& moment) noexcept;
  void follow_sequences(const Moment& moment) noexcept;
  [[nodiscard]] Moment moment_at(std::int64_t now) const noexcept;
  [[nodiscard]] MemoryEvidence features(const Past& past, const Moment& moment, float expected) const noexcept;
  [[nodiscard]] Past& past_of(std::size_t place) noexcept { return past_[slot_[history_.events[place]] - 1U]; }

  [[nodiscard]] std::size_t length() const noexcept { return history_.events.size(); }

  TimedHistory history_;  // set during a call
  // [history_capacity], like all members below except slot_
  std::vector<std::uint32_t> visit_;  // each event's visit, from 0
  std::vector<std::uint8_t> repeats_;  // 1 if the item had an event before
  std::vector<std::uint32_t> shared_;  // for each visit: its events on items of the present visit
  std::vector<Past> past_;
  std::size_t past_size_ = 0;
  std::vector<MemoryEvidence> evidence_;
  std::vector<std::uint16_t> slot_;  // [items]: 1 + the item's place in past_, 0 for none; all 0 between calls
};

}  // namespace sotto
