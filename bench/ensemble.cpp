// How good a teacher is an ensemble? NDCG@10 on the test targets of float models one by one and of the mean of their
// softmaxes, which is what a student could be distilled from.
// A measurement, not a part of the library (docs/training.md has the figures and what follows from them).
//
//   cmake --preset release -DSOTTO_BUILD_BENCH=ON && cmake --build --preset release --target sotto_bench_ensemble
//   build/release/bench/ensemble LOG FLOAT_MODEL FLOAT_MODEL...
//
// LOG is what all of the models were trained on, with the default split. `lstm` are their networks alone, `whole` the
// models with history term and count expert.
#include <sotto/data/files.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/fit/model_parts.hpp>
#include <sotto/model/model_file.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace sotto;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "ensemble: %s\n", what.c_str());
  std::exit(1);
}

class Ensemble : public evaluate::Ranker {
 public:
  explicit Ensemble(std::vector<std::unique_ptr<evaluate::Ranker>> members) : members_(std::move(members)) {}

  void reset() override {
    for (const auto& member : members_) member->reset();
  }
  void observe(ItemIndex item) override {
    for (const auto& member : members_) member->observe(item);
  }
  void scores(std::span<double> scores) override {
    std::ranges::fill(scores, 0.0);
    logits_.resize(scores.size());
    for (const auto& member : members_) {
      member->scores(logits_);
      const double max = std::ranges::max(logits_);
      double sum = 0;
      for (double& logit : logits_) sum += logit = std::exp(logit - max);
      for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += logits_[i] / sum;
    }
  }
  [[nodiscard]] std::unique_ptr<Ranker> clone() const override {
    std::vector<std::unique_ptr<evaluate::Ranker>> members;
    for (const auto& member : members_) members.push_back(member->clone());
    return std::make_unique<Ensemble>(std::move(members));
  }

 private:
  std::vector<std::unique_ptr<evaluate::Ranker>> members_;
  std::vector<double> logits_;
};

// The single models are the baselines, so that the ensemble's difference to the best of them has an interval.
void compare(const char* what, const data::Split& split, std::span<const FloatModel> models) {
  const std::size_t items = split.log().item_ids.size();
  std::vector<evaluate::Arm> arms;
  std::vector<std::unique_ptr<evaluate::Ranker>> members;
  for (const FloatModel& model : models) {
    members.push_back(evaluate::make_float_ranker(model.weights));
    arms.push_back({.name = std::to_string(arms.size() + 1),
                    .kind = evaluate::ArmKind::baseline,
                    .ranker = evaluate::make_float_ranker(model.weights),
                    .items = items});
  }
  arms.push_back({.name = "ensemble", .ranker = std::make_unique<Ensemble>(std::move(members)), .items = items});
  const evaluate::EvaluateOptions options{.cutoffs = {10}, .exclude_history = data::history_never_repeats(split)};
  const auto evaluation = evaluate::evaluate(split, arms, options, {});
  if (!evaluation) fail(evaluation.error().detail);
  double mean = 0;
  std::printf("%-6s single", what);
  for (std::size_t i = 0; i < models.size(); ++i) {
    const double ndcg = evaluation->arms[i].accuracy.ndcg.front().value;
    mean += ndcg / static_cast<double>(models.size());
    std::printf(" %.4f", ndcg);
  }
  const evaluate::ArmMetrics& ensemble = evaluation->arms.back();
  const double ndcg = ensemble.accuracy.ndcg.front().value;
  const evaluate::Estimate& ahead = ensemble.ahead->ndcg.front();
  std::printf("  mean %.4f  ensemble %.4f (%+.1f %%)  to the best single %+.4f [%+.4f, %+.4f]\n", mean, ndcg,
              100 * (ndcg / mean - 1), ahead.value, ahead.interval.low, ahead.interval.high);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) fail("usage: ensemble LOG FLOAT_MODEL FLOAT_MODEL...");
  data::ReadReport report;
  const auto log = data::read_interactions({argv[1]}, {}, report);
  if (!log) fail(log.error().detail);
  const data::Split split(*log, data::SplitKind::leave_last_out);
  std::vector<FloatModel> whole;
  std::vector<FloatModel> networks;
  for (int i = 2; i < argc; ++i) {
    const auto bytes = data::read_file(argv[i]);
    if (!bytes) fail(bytes.error().detail);
    auto model = parse_float_model(*bytes);
    if (!model) fail(argv[i] + (": " + model.error().detail));
    if (model->info.catalogue.item_ids != log->item_ids) fail(argv[i] + std::string(": trained on another log"));
    networks.push_back(fit::network_alone(*model));
    whole.push_back(*std::move(model));
  }
  compare("lstm", split, networks);
  compare("whole", split, whole);
}
