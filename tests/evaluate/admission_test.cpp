#include <sotto/data/event_sketch.hpp>
#include <sotto/evaluate/admission.hpp>

#include "toy_log.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace sotto;
using data::Split;
using data::SplitKind;
using sotto::test::toy_log;

namespace {

// What a model trained on this split says about itself.
ModelInfo trained_on(const Split& split) {
  ModelInfo info;
  info.training.log = data::identify(split.log());
  info.training.log.name = "training.csv";
  info.training.split = split.record();
  info.training_event_sketch = data::sketch_training_events(split);
  return info;
}

}  // namespace

TEST_CASE("the log of the training with its own split is admitted") {
  const auto log = toy_log({"abcd", "bcda"});
  const Split split(log, SplitKind::leave_last_out);
  const auto admission = evaluate::admit(trained_on(split), split, data::identify(log));
  CHECK(admission.log_matches_training);
  CHECK_FALSE(admission.refusal.has_value());
  CHECK(admission.trained_on_targets == 0);
  CHECK(admission.notes.empty());
}

TEST_CASE("a model that was trained on everything is refused on its log") {
  const auto log = toy_log({"abcd", "bcda"});
  const auto admission = evaluate::admit(trained_on(Split(log, SplitKind::none)), Split(log, SplitKind::leave_last_out),
                                         data::identify(log));
  REQUIRE(admission.refusal.has_value());
  CHECK(*admission.refusal == "the model was trained on this very log with split 'none', on 2 of its 2 targets");
  CHECK(admission.trained_on_targets == 2);
}

TEST_CASE("the validation's events of a final training are no targets of its own split, but of another") {
  // In time, the last event of the first user is the test, and the ninth ones of both are the validation.
  const auto log = toy_log({"abcdefghij", "bcdefghij"});
  const Split temporal(log, SplitKind::temporal);
  ModelInfo info = trained_on(temporal.with_validation_trained());
  info.training.split.validation_trained = true;
  CHECK_FALSE(evaluate::admit(info, temporal, data::identify(log)).refusal.has_value());
  const auto by_users = [&log](const ModelInfo& model) {
    return evaluate::admit(model, Split(log, SplitKind::leave_last_out), data::identify(log)).trained_on_targets;
  };
  const std::uint64_t with_validation = by_users(info);
  info.training.split.validation_trained = false;
  CHECK(with_validation > by_users(info));
}

TEST_CASE("a copy of the training log under other times is known by its order") {
  const auto log = toy_log({"abcd", "bcda"});
  auto shifted = log;
  for (std::int64_t& time : shifted.timestamp) time = 3 * time + 12'345'678;
  const ModelInfo on_everything = trained_on(Split(log, SplitKind::none));
  const Split last(shifted, SplitKind::leave_last_out);
  const auto admission = evaluate::admit(on_everything, last, data::identify(shifted));
  CHECK_FALSE(admission.log_matches_training);
  CHECK(admission.only_times_differ);
  REQUIRE(admission.refusal.has_value());
  CHECK(*admission.refusal == "the model was trained on this very log with split 'none', on 2 of its 2 targets");
  REQUIRE(admission.notes.size() == 1);
  CHECK(admission.notes[0].find("the log that the model was trained on ('training.csv') with other times") == 8);

  // What was held out in training is held out in the copy.
  const auto held_out =
      evaluate::admit(trained_on(Split(log, SplitKind::leave_last_out)), last, data::identify(shifted));
  CHECK(held_out.only_times_differ);
  CHECK_FALSE(held_out.refusal.has_value());

  // A file of an earlier build has no such fingerprint.
  ModelInfo earlier = on_everything;
  earlier.training.log.order_fingerprint = 0;
  CHECK_FALSE(evaluate::admit(earlier, last, data::identify(shifted)).only_times_differ);

  auto other_order = shifted;
  std::swap(other_order.item[0], other_order.item[1]);
  CHECK_FALSE(evaluate::admit(on_everything, Split(other_order, SplitKind::leave_last_out), data::identify(other_order))
                  .only_times_differ);
}

TEST_CASE("a temporal split is admitted for a model trained with it") {
  const auto log = toy_log({"abcdefghij", "bcdefghija", "ab"});
  const Split split(log, SplitKind::temporal);
  REQUIRE(split.record().test_targets == 2);
  const auto admission = evaluate::admit(trained_on(split), split, data::identify(log));
  CHECK_FALSE(admission.refusal.has_value());
  CHECK(admission.trained_on_targets == 0);
  CHECK(admission.notes.empty());
}

TEST_CASE("on the same log with another split the targets that were trained on are counted") {
  // Times are places in the text. Of 24 events the last two in time are the test, the two before them validation: the
  // two long users'. The short ones' last events trained.
  const auto log = toy_log({"abcdefghi", "bcdefghij", "abc", "bca"});
  const Split temporal(log, SplitKind::temporal);
  REQUIRE(temporal.record().test_targets == 2);
  const Split last(log, SplitKind::leave_last_out);
  const auto admission = evaluate::admit(trained_on(temporal), last, data::identify(log));
  REQUIRE(admission.refusal.has_value());
  CHECK(*admission.refusal == "the model was trained on this very log with split 'temporal', on 2 of its 4 targets");
  CHECK(admission.trained_on_targets == 2);

  const auto other_way = evaluate::admit(trained_on(last), temporal, data::identify(log));
  CHECK_FALSE(other_way.refusal.has_value());
  CHECK(other_way.trained_on_targets == 0);
  REQUIRE(other_way.notes.size() == 1);
  CHECK(other_way.notes[0].find("trained with split 'leave-last-out'; none of the targets") != std::string::npos);
}

TEST_CASE("another log with training events among its targets is refused") {
  const auto training = toy_log({"abcde", "bcdea", "cdeab", "deabc"});
  const ModelInfo model = trained_on(Split(training, SplitKind::leave_last_out));
  // Cut short, so that the last events of two users were training events.
  const auto other = toy_log({"abc", "bcd", "cdeab"});
  const auto admission = evaluate::admit(model, Split(other, SplitKind::leave_last_out), data::identify(other));
  CHECK_FALSE(admission.log_matches_training);
  REQUIRE(admission.refusal.has_value());
  CHECK(*admission.refusal ==
        "the model was trained on about 2 of this log's 3 targets (2 of the 3 that its event sketch samples)");
  CHECK(admission.trained_on_targets == 2);
}

TEST_CASE("another log without overlap is admitted with notes, and an unknown overlap is said to be unknown") {
  const auto training = toy_log({"abcde", "bcdea"});
  ModelInfo model = trained_on(Split(training, SplitKind::leave_last_out));
  const auto other = toy_log({"abc", "bcd"}, "stranger");
  const Split split(other, SplitKind::leave_last_out);
  const auto admission = evaluate::admit(model, split, data::identify(other));
  CHECK_FALSE(admission.refusal.has_value());
  REQUIRE(admission.notes.size() == 2);
  CHECK(admission.notes[0].find("not the log that the model was trained on ('training.csv')") != std::string::npos);
  CHECK(admission.notes[1] ==
        "none of the 2 targets sampled by the model's event sketch was trained on; the sketch would not know training "
        "events under other times or other ids");

  model.training_event_sketch.clear();
  const auto blind = evaluate::admit(model, split, data::identify(other));
  CHECK_FALSE(blind.refusal.has_value());
  CHECK(blind.notes.back() ==
        "the model carries no event sketch, so it cannot be told whether it was trained on these targets");
}

TEST_CASE("a model is scored with its own split, unless that one held nothing out") {
  TrainingRecord training;
  training.split.kind = "temporal";
  CHECK(evaluate::split_for(training) == SplitKind::temporal);
  training.split.kind = "none";
  CHECK(evaluate::split_for(training) == SplitKind::leave_last_out);
  training.split.kind = "a split of later versions";
  CHECK(evaluate::split_for(training) == SplitKind::leave_last_out);
}
