#include <sotto/data/event_sketch.hpp>
#include <sotto/evaluate/admission.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sotto::evaluate {
namespace {

void judge_by_sketch(const std::vector<std::uint32_t>& sketch, const data::Split& split, std::uint64_t targets,
                     Admission& admission) {
  if (sketch.empty()) {
    admission.notes.emplace_back(
        "the model carries no event sketch, so it cannot be told whether it was trained on these targets");
    return;
  }
  const data::SketchOverlap overlap = data::overlap_with_targets(split, sketch);
  if (overlap.sampled == 0) {
    admission.notes.push_back(
        fmt::format("none of the {} targets falls into the model's event sketch, so it cannot be "
                    "told whether it was trained on them",
                    targets));
    return;
  }
  if (overlap.seen == 0) {
    admission.notes.push_back(
        fmt::format("none of the {} targets sampled by the model's event sketch was trained on", overlap.sampled));
    return;
  }
  const double share = static_cast<double>(overlap.seen) / static_cast<double>(overlap.sampled);
  admission.trained_on_targets =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(share * static_cast<double>(targets))));
  admission.refusal = fmt::format(
      "the model was trained on about {} of this log's {} targets ({} of the {} that its event sketch samples)",
      admission.trained_on_targets, targets, overlap.seen, overlap.sampled);
}

}  // namespace

Admission admit(const ModelInfo& model, const data::Split& split, const LogIdentity& identity) {
  const TrainingRecord& training = model.training;
  const std::uint64_t targets = split.record().test_targets;
  Admission admission;
  admission.log_matches_training =
      training.log.fingerprint == identity.fingerprint && training.log.events == identity.events;

  if (!admission.log_matches_training) {
    admission.notes.push_back(
        fmt::format("this is not the log that the model was trained on ('{}'): items are matched "
                    "by id, and an unknown target counts as missed",
                    training.log.name));
    judge_by_sketch(model.training_event_sketch, split, targets, admission);
  } else if (training.split.kind != data::split_kind_name(split.kind())) {
    // Any other split of the same log may have trained on any event; "none" has trained on every one.
    admission.trained_on_targets = targets;
    admission.refusal = fmt::format(
        "the model was trained on this very log with split '{}', which held out none of its {} "
        "targets",
        training.split.kind, targets);
  }
  return admission;
}

}  // namespace sotto::evaluate
