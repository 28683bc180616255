// What the quantiser looks at: how much of a log, and of which.
#pragma once

#include <sotto/data/interactions.hpp>
#include <sotto/model/catalogue.hpp>
#include <sotto/model/spec.hpp>

#include <cstddef>

namespace sotto::cli {

// Training events that the float model is run over to find the ranges of its states: seconds of work, and
// many times what the ranges need to settle.
inline constexpr std::size_t calibration_events = 20'000;

// Whether the model names no log that it was trained on, as imported ones do: then any log of its items calibrates it.
[[nodiscard]] inline bool knows_no_log(const TrainingRecord& training) noexcept { return training.log.events == 0; }

// The log in the model's item indices, matched by id. Events of items that the model does not know are left out.
[[nodiscard]] data::Interactions in_indices_of(const Catalogue& catalogue, const data::Interactions& log);

}  // namespace sotto::cli
