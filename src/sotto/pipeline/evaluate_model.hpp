// Evaluates a model beside its float original, its parts and the baselines.
#pragma once

#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace sotto::pipeline {

struct EvaluatedModel {
  const FixedModel& fixed;
  std::uint64_t fingerprint = 0;
  const std::optional<FloatModel>& original;  // none: the model has no parts, and no arm 'float'
};

// Judges whether the model may be scored on the split's targets. The notes say what a reader of the figures must know;
// `same_log_hint` says how to read the log of the training again.
[[nodiscard]] evaluate::Admission admit_to_evaluation(const ModelInfo& model, const data::Split& split,
                                                      const LogIdentity& identity, std::string_view same_log_hint);

struct ModelEvaluation {
  evaluate::Evaluation figures;
  // The shipped model and the baselines on the same targets, with the events of a second in a random order. The
  // baselines count that order, the model meets it only as history. Empty where ties do not matter.
  std::optional<evaluate::Evaluation> shuffled_ties;
};

// `on_progress` is as evaluate::evaluate's, of both rankings together. Precondition: evaluate::add_untouched_items was
// called for the split's log before the split was made.
[[nodiscard]] Result<ModelEvaluation> evaluate_model(const EvaluatedModel& model, const data::Split& split,
                                                     const evaluate::EvaluateOptions& options,
                                                     const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace sotto::pipeline
