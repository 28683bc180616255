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
        fmt::format("none of the {} targets sampled by the model's event sketch was trained on; the sketch would not "
                    "know training events under other times or other ids",
                    overlap.sampled));
    return;
  }
  const double share = static_cast<double>(overlap.seen) / static_cast<double>(overlap.sampled);
  admission.trained_on_targets =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(share * static_cast<double>(targets))));
  admission.refusal = fmt::format(
      "the model was trained on about {} of this log's {} targets ({} of the {} that its event sketch samples)",
      admission.trained_on_targets, targets, overlap.seen, overlap.sampled);
}

// Judges the same log with another split.
void judge_by_split(const SplitRecord& record, const data::Split& split, std::uint64_t targets, Admission& admission) {
  const std::string& trained_kind = record.kind;
  // If this build does not know the kind, any event may have been used for training.
  data::Split trained(split.log(), data::parse_split_kind(trained_kind).value_or(data::SplitKind::none));
  if (record.validation_trained) trained = trained.with_validation_trained();
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    const data::EventRange range = split.test_targets(user);
    const std::size_t trained_end = std::min(range.end, trained.training_items(user).size());
    if (trained_end > range.begin) admission.trained_on_targets += trained_end - range.begin;
  }
  if (admission.trained_on_targets == 0) {
    admission.notes.push_back(
        fmt::format("the model was trained with split '{}'; none of the targets was trained on, but it may have been "
                    "chosen by them",
                    trained_kind));
    return;
  }
  admission.refusal = fmt::format("the model was trained on this very log with split '{}', on {} of its {} targets",
                                  trained_kind, admission.trained_on_targets, targets);
}

}  // namespace

Admission admit(const ModelInfo& model, const data::Split& split, const LogIdentity& identity) {
  const TrainingRecord& training = model.training;
  const std::uint64_t targets = split.record().test_targets;
  Admission admission;
  admission.log_matches_training =
      training.log.fingerprint == identity.fingerprint && training.log.events == identity.events;

  admission.only_times_differ = !admission.log_matches_training && training.log.order_fingerprint != 0 &&
                                training.log.order_fingerprint == identity.order_fingerprint &&
                                training.log.events == identity.events;

  const bool same_events = admission.log_matches_training || admission.only_times_differ;
  if (admission.only_times_differ) {
    admission.notes.push_back(fmt::format(
        "this is the log that the model was trained on ('{}') with other times: the same users with the same items in "
        "the same order",
        training.log.name));
  }
  if (!same_events) {
    admission.notes.push_back(
        fmt::format("this is not the log that the model was trained on ('{}'): items are matched "
                    "by id, and an unknown target counts as missed",
                    training.log.name));
    judge_by_sketch(model.training_event_sketch, split, targets, admission);
  } else if (training.split.kind != data::split_kind_name(split.kind())) {
    judge_by_split(training.split, split, targets, admission);
  }
  return admission;
}

data::SplitKind split_for(const TrainingRecord& training) {
  const auto kind = data::parse_split_kind(training.split.kind);
  return kind && *kind != data::SplitKind::none ? *kind : data::SplitKind::leave_last_out;
}

}  // namespace sotto::evaluate
