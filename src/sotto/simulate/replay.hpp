// Replays the events after training with many devices, round by round, for one base.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/catalogue.hpp>
#include <sotto/simulate/live_log.hpp>
#include <sotto/simulate/options.hpp>
#include <sotto/simulate/round_series.hpp>
#include <sotto/simulate/tracks.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace sotto::simulate {

struct Replay {
  Plan plan;
  std::vector<std::vector<Round>> rounds;  // for each of the rounds' lengths
  std::vector<std::size_t> users;  // of the log, ascending: those with a target that counts
  std::vector<double> sums;  // [users × TrackColumns]: of the targets that count
  std::size_t devices = 0;
  std::size_t events = 0;
  std::size_t unknown_events = 0;  // events on items that the model does not have: misses in all arms
  std::size_t items = 0;
  std::size_t new_items = 0;  // items without a training event
  std::size_t slots = 0;
};

// The engine's model must have a softmax head and must not have seen the events. `on_progress` gets the number of
// events that were lived through and of all, from one thread at a time. It may be empty. Fails with invalid_argument if
// no target counts, and with interrupted.
[[nodiscard]] Result<Replay> replay(const data::Split& split, const Engine& engine, const Catalogue& catalogue,
                                    const SimulationOptions& options,
                                    const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace sotto::simulate
