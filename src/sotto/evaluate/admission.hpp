// Decides whether a model may be scored on a log. Figures on events that were used for training mean nothing.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/model/spec.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::evaluate {

struct Admission {
  bool log_matches_training = false;     // the log is the training log, event for event
  bool only_times_differ = false;        // it is the training log with other times
  std::uint64_t trained_on_targets = 0;  // test targets that were used for training; an estimate on another log
  std::optional<std::string> refusal;    // one clause with the reason against scoring; empty if there is none
  std::vector<std::string> notes;        // notes for readers of the figures
};

// On the training log, also under other times, the training record decides. On another log, the model's event sketch
// decides. If the sketch is missing or too small, a note says so. Precondition: `identity` belongs to the split's log.
[[nodiscard]] Admission admit(const ModelInfo& model, const data::Split& split, const LogIdentity& identity);

// The split that a model is scored with: the one that it was trained with, or leave-last-out where that one held
// nothing out or is not known to this build.
[[nodiscard]] data::SplitKind split_for(const TrainingRecord& training);

}  // namespace sotto::evaluate
