// How much of a log the quantiser looks at.
#pragma once

#include <cstddef>

namespace sotto::cli {

// Training events that the float model is run over to find the ranges of its states: seconds of work, and
// many times what the ranges need to settle.
inline constexpr std::size_t calibration_events = 20'000;

}  // namespace sotto::cli
