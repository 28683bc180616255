// Whether a model may be scored on a log at all: figures on events that it was trained on mean nothing.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/model/spec.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::evaluate {

struct Admission {
  bool log_matches_training = false;     // the log is the one that the model was trained on, event for event
  std::uint64_t trained_on_targets = 0;  // how many of the test targets; an estimate on another log
  std::optional<std::string> refusal;    // one clause that says why not to score; empty when nothing was found
  std::vector<std::string> notes;        // what a reader of the figures should know
};

// On the log of the training its record decides. On another log the model's event sketch does; where the
// sketch is missing or too small to tell, a note says so. Precondition: `identity` is that of the split's log.
[[nodiscard]] Admission admit(const ModelInfo& model, const data::Split& split, const LogIdentity& identity);

}  // namespace sotto::evaluate
