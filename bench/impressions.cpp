// What is it worth to learn from what was shown and passed over? NDCG@10 of `sotto backtest`'s arm "personal" to the
// base, by the weight of impressions, where the ten best of the personal list count as shown before each event. A
// measurement, not a part of the library (docs/personal.md has the figures and what follows from them).
//
//   cmake --preset release -DSOTTO_BUILD_BENCH=ON && cmake --build --preset release --target sotto_bench_impressions
//   build/release/bench/impressions LOG MODEL
//
// MODEL is of `sotto train --split temporal --no-final-training --interactions LOG`.
#include <sotto/data/files.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/backtest.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/personal/owning_personal_session.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace sotto;

constexpr std::size_t shown = 10;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "impressions: %s\n", what.c_str());
  std::exit(1);
}

class ShownLearner final : public evaluate::Learner {
 public:
  ShownLearner(const Engine& engine, const PersonalOptions& options, bool exclude_history)
      : engine_(engine), options_(options), exclude_history_(exclude_history), session_(engine, options) {}

  void reset() override { session_.reset(); }
  void recall(const evaluate::TimedEvent& event) override { (void)session_.recall({&event.item, 1}, {&event.time, 1}); }
  void learn(const evaluate::TimedEvent& event) override {
    std::vector<ScoredItem> best(shown);
    RecommendOptions options;
    if (exclude_history_) options.exclude = session_.user().state().history();
    best.resize(session_.recommend(event.time, options, best));
    for (const ScoredItem& one : best) (void)session_.feedback(one.item, FeedbackKind::impression, 0, event.time);
    (void)session_.observe(event.item, event.time);
  }
  void scores(std::int64_t now, std::span<double> scores) override {
    std::ranges::transform(session_.scores(now), scores.begin(), [](auto score) { return static_cast<double>(score); });
  }
  std::unique_ptr<Learner> clone() const override {
    return std::make_unique<ShownLearner>(engine_, options_, exclude_history_);
  }

 private:
  const Engine& engine_;
  PersonalOptions options_;
  bool exclude_history_;
  OwningPersonalSession session_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: impressions LOG MODEL");
  data::ReadReport report;
  const auto log = data::read_interactions({argv[1]}, {}, report);
  if (!log) fail(log.error().detail);
  const data::Split split(*log, data::SplitKind::temporal);
  const auto bytes = data::read_file(argv[2]);
  if (!bytes) fail(bytes.error().detail);
  const auto model = parse_fixed_model(*bytes);
  if (!model) fail(argv[2] + (": " + model.error().detail));
  const Engine engine(*model, 1);
  const evaluate::BacktestOptions options{.exclude_history = data::history_never_repeats(split)};
  for (const float weight : {0.0F, 0.05F, 0.1F, 0.2F, 0.4F}) {
    PersonalOptions personal;
    personal.weights.of[static_cast<std::size_t>(FeedbackKind::impression)] = weight;
    auto arms = evaluate::backtest_arms(split, engine, model->info.catalogue);
    arms[evaluate::personal_arm].learner = std::make_unique<ShownLearner>(engine, personal, options.exclude_history);
    const auto result = evaluate::backtest(split, arms, options, {});
    if (!result) fail(result.error().detail);
    const double base = result->arms[evaluate::base_arm].ndcg.value;
    std::printf("weight %.2f  base %.4f  personal %+.2f %%\n", static_cast<double>(weight), base,
                100 * (result->arms[evaluate::personal_arm].ndcg.value / base - 1));
  }
}
