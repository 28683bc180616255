// The events that quantization is calibrated on.
#pragma once

#include <sotto/data/interactions.hpp>
#include <sotto/model/catalogue.hpp>
#include <sotto/model/spec.hpp>

#include <cstddef>

namespace sotto::app {

// The float model runs over this many training events to find the ranges of its states. This takes seconds, and the
// ranges settle after far fewer events.
inline constexpr std::size_t calibration_events = 20'000;

// Tells whether the model's record names no training log, as for imported models. Any log of its items then calibrates
// it.
[[nodiscard]] inline bool knows_no_log(const TrainingRecord& training) noexcept { return training.log.events == 0; }

// Translates the log to the model's item indices, matched by id. Events of items that the model does not know are left
// out.
[[nodiscard]] data::Interactions in_indices_of(const Catalogue& catalogue, const data::Interactions& log);

}  // namespace sotto::app
