// The user's own past with its times: for each item of it, what the personal memory's features say
// (model/memory_term.hpp) about whether the user returns to it now.
#pragma once

#include <sotto/model/item_index.hpp>
#include <sotto/model/history_term.hpp>
#include <sotto/model/memory_term.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// Times beyond ± 2^53 seconds count as that, so that no difference of two overflows.
inline constexpr std::int64_t most_seconds = std::int64_t{1} << 53;

// An item of the past, and where its features' weights stand in a MemoryTerm.
struct MemoryEvidence {
  ItemIndex item;
  std::array<std::uint16_t, memory_features> weight;
};

// Allocates at construction only.
class Memory {
 public:
  explicit Memory(std::uint32_t items);

  // time: seconds since 1970; one before the latest event's counts as that.
  void observe(ItemIndex item, std::int64_t time) noexcept;
  void clear() noexcept { length_ = 0; }
  // Replaces the events. Precondition: as many times as events, at most history_capacity; times do not fall.
  void assign(std::span<const ItemIndex> events, std::span<const std::int64_t> times) noexcept;

  // The latest events, oldest first, at most history_capacity.
  [[nodiscard]] std::span<const ItemIndex> events() const noexcept { return {events_.data(), length_}; }
  [[nodiscard]] std::span<const std::int64_t> times() const noexcept { return {times_.data(), length_}; }

  // One entry for each distinct item, in the order of their first events. expected: the probability that the model
  // itself gives to each item, at least [items]. Valid until the next call.
  [[nodiscard]] std::span<const MemoryEvidence> evidence(std::int64_t now, std::span<const float> expected) noexcept;

 private:
  struct Past {
    ItemIndex item;
    std::uint32_t last_place;
    std::uint32_t first_visit;
    std::uint32_t last_visit;
    std::uint32_t visits;
    std::uint32_t company;
    std::uint32_t credited_visit;  // 1 + the latest visit that company counts, 0: none
    std::uint32_t follows;
    std::uint32_t sequence;  // at 2^-16
    std::int64_t first_time;
  };
  // What is the same for all items of one moment.
  struct Moment;

  void number_visits() noexcept;
  void collect_past() noexcept;
  void count_company(const Moment& moment) noexcept;
  void follow_sequences(const Moment& moment) noexcept;
  [[nodiscard]] Moment moment_at(std::int64_t now) const noexcept;
  [[nodiscard]] MemoryEvidence features(const Past& past, const Moment& moment, float expected) const noexcept;
  [[nodiscard]] Past& past_of(std::size_t place) noexcept { return past_[slot_[events_[place]] - 1U]; }

  std::vector<ItemIndex> events_;     // [history_capacity], as all below but slot_
  std::vector<std::int64_t> times_;
  std::size_t length_ = 0;
  std::vector<std::uint32_t> visit_;  // each event's visit, from 0
  std::vector<std::uint8_t> repeats_;  // 1 where the item had an event before
  std::vector<std::uint32_t> shared_;  // of each visit: its events on items of the present visit
  std::vector<Past> past_;
  std::size_t past_size_ = 0;
  std::vector<MemoryEvidence> evidence_;
  std::vector<std::uint16_t> slot_;  // [items]: 1 + the item's place in past_, 0 for none; all 0 between calls
};

}  // namespace sotto
