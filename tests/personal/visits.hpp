// Made-up users of a model of 23 items, and what a personal session says about itself.
#pragma once

#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/personal/owning_personal_session.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::test {

inline Architecture small(bool memory_term) {
  Architecture a{23, 8, 8, 2, true, true, true, true};
  a.memory_term = memory_term;
  return a;
}

inline std::vector<std::byte> state_of(const PersonalSession& session) {
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  return state;
}

// Visits of a user who comes back to the same few items.
struct Event {
  ItemIndex item;
  std::int64_t time;
};
inline std::vector<Event> visits(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Event> events;
  std::int64_t time = 1'700'000'000;
  for (std::size_t i = 0; i < count; ++i) {
    time += random.below(6) == 0 ? 86'400 : random.below(300);
    events.push_back({random.below(4) == 0 ? random.below(23) : 3 + random.below(4), time});
  }
  return events;
}

}  // namespace sotto::test
