// What a trained model is worth as it ships, on the targets that its training looked at.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/fixed_model.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sotto::pipeline {

// Of more validation targets, those of every nth user are ranked, about as many as this.
inline constexpr std::size_t max_shown_validation_targets = 10'000;
// The baselines count logs of up to so many events: their tables would need more memory than a training of more events.
inline constexpr std::size_t max_events_of_validation_baselines = 2'000'000;

// Ranks the validation targets by the fixed-point model, which is the first arm, and by the baselines, as evaluate
// ranks test targets. The terms of the head were fitted to these targets and the epoch was chosen by them, so the
// figure flatters. Preconditions: the head is a softmax; the split has validation targets.
[[nodiscard]] Result<evaluate::Evaluation> validate_model(const FixedModel& model, const data::Split& split,
                                                          std::uint32_t threads, const std::atomic<bool>* stop);

}  // namespace sotto::pipeline
