#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/metrics.hpp>

#include "toy_log.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <cmath>
#include <string>
#include <vector>

using namespace sotto;
using Catch::Approx;
using data::Split;
using data::SplitKind;
using sotto::test::toy_log;

namespace {

// Prefers items with a low index and remembers how much it was shown.
class IndexRanker final : public evaluate::Ranker {
 public:
  void reset() override { observed_ = 0; }
  void observe(ItemIndex) override { ++observed_; }
  void scores(std::span<double> scores) override {
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = observed_ == expected ? -static_cast<double>(i) : 0.0;
  }
  std::unique_ptr<evaluate::Ranker> clone() const override { return std::make_unique<IndexRanker>(); }
  static inline std::size_t expected = 0;  // with another number of events all scores are equal

 private:
  std::size_t observed_ = 0;
};

std::vector<evaluate::Arm> index_arm(std::size_t items, std::vector<ItemIndex> index_of = {}) {
  std::vector<evaluate::Arm> arms;
  arms.push_back({"index", evaluate::ArmKind::model, std::make_unique<IndexRanker>(), items, std::move(index_of)});
  return arms;
}

std::vector<double> values(const std::vector<evaluate::Estimate>& estimates) {
  std::vector<double> values;
  for (const auto& estimate : estimates) values.push_back(estimate.value);
  return values;
}

data::Interactions random_log(unsigned seed) {
  std::vector<std::string> sequences;
  for (int user = 0; user < 300; ++user) {
    std::string sequence;
    for (unsigned i = 0; i < 3 + seed % 9; ++i) {
      seed = seed * 1664525U + 1013904223U;
      sequence += static_cast<char>('a' + (seed >> 24) % 26);
    }
    sequences.push_back(sequence);
  }
  return toy_log(sequences);
}

}  // namespace

TEST_CASE("the test target is ranked after all other events, the validation target after training events") {
  const auto log = toy_log({"abcd", "ab"});
  const Split split(log, SplitKind::leave_last_out);
  const auto arms = index_arm(4);

  IndexRanker::expected = 3;
  auto test = evaluate::evaluate(split, arms, {.cutoffs = {1, 4}}, {});
  REQUIRE(test.ok());
  CHECK(test->users == 1);
  CHECK(values(test->arms[0].accuracy.hr) == std::vector<double>{0, 1});  // d is fourth
  CHECK(test->arms[0].accuracy.ndcg[1].value == Approx(1 / std::log2(5.0)));
  CHECK(test->arms[0].accuracy.mrr[1].value == Approx(0.25));

  IndexRanker::expected = 2;
  auto validation = evaluate::evaluate(split, arms, {.target = evaluate::Target::validation, .cutoffs = {2, 3}}, {});
  REQUIRE(validation.ok());
  CHECK(values(validation->arms[0].accuracy.hr) == std::vector<double>{0, 1});  // c is third
}

TEST_CASE("items of the history can be left out of the ranking, but not the target") {
  const auto log = toy_log({"abcd", "abcb"});
  const Split split(log, SplitKind::leave_last_out);
  IndexRanker::expected = 3;
  const evaluate::EvaluateOptions options{.cutoffs = {1}, .exclude_history = true};
  const auto evaluation = evaluate::evaluate(split, index_arm(4), options, {});
  REQUIRE(evaluation.ok());
  CHECK(evaluation->arms[0].accuracy.hr[0].value == 1);
}

TEST_CASE("under a temporal split each target is ranked after all events before it, in one replay") {
  // Times are places in the text: of 40 events the last four are cut off by time, 8 and 9 for each of two users.
  const auto log = toy_log({"aaaaaaaabc", "aaaaaaaabc", "aaaaaaaa", "aaaaaaaa", "aaaa"});
  const Split split(log, SplitKind::temporal);
  REQUIRE(split.record().test_targets == 4);
  auto arms = index_arm(3);
  // Ranks properly after nine events only: a is right before c, and everything ties after eight.
  IndexRanker::expected = 9;
  const auto evaluation = evaluate::evaluate(split, arms, {.cutoffs = {2, 3}}, {});
  REQUIRE(evaluation.ok());
  CHECK(evaluation->users == 2);
  CHECK(evaluation->targets == 4);
  CHECK(values(evaluation->arms[0].accuracy.hr) == std::vector<double>{0, 1});
  CHECK(evaluation->arms[0].accuracy.mrr[1].value == Approx(1.0 / 3));

  // The replay forgets nothing and repeats nothing: the same figures as from the beginning for each target.
  const auto random = random_log(5);
  const Split temporal(random, SplitKind::temporal);
  const auto baselines = evaluate::baseline_arms(temporal, temporal, false);
  const auto incremental = evaluate::evaluate(temporal, baselines, {.cutoffs = {5}}, {});
  REQUIRE(incremental.ok());
  for (std::size_t arm = 0; arm < baselines.size(); ++arm) {
    double hits = 0;
    const auto targets = data::test_targets(temporal);
    for (const auto& [user, event] : targets) {
      const auto items = random.items_of(user);
      const auto ranker = baselines[arm].ranker->clone();
      ranker->reset();
      for (const ItemIndex item : items.first(event)) ranker->observe(item);
      std::vector<double> scores(baselines[arm].items);
      ranker->scores(scores);
      hits += evaluate::hit_rate(evaluate::pessimistic_rank(scores, items[event]), 5);
    }
    CHECK(incremental->arms[arm].accuracy.hr[0].value == Approx(hits / static_cast<double>(targets.size())));
  }
}

TEST_CASE("coverage and popularity of what is shown, the hit curve, and unknown targets among them") {
  const auto log = toy_log({"aabaacd", "aaabab"});  // training: aabaa, aaab
  const Split split(log, SplitKind::leave_last_out);
  IndexRanker::expected = 99;  // all scores are equal: the lists are a, b, c, d in this order
  const auto evaluation = evaluate::evaluate(split, index_arm(4), {.cutoffs = {1, 3, 10}}, {});
  REQUIRE(evaluation.ok());
  const auto& arm = evaluation->arms[0];
  CHECK(arm.coverage == std::vector<double>{0.25, 0.75, 1});
  // Training events: a 7, b 2, c 0, d 0. Percentiles: (3 + 0.5) / 4, (2 + 0.5) / 4, 1 / 4 twice.
  CHECK(arm.popularity[0].value == Approx(0.875));
  CHECK(arm.popularity[1].value == Approx((0.875 + 0.625 + 0.25) / 3));
  CHECK(arm.popularity[2].value == Approx(0.5));
  CHECK(evaluation->target_popularity.value == Approx((0.25 + 0.625) / 2));  // d and b
  CHECK(arm.hit_curve[2] == 0);  // all tie: rank 4
  CHECK(arm.hit_curve[3] == 1);
  CHECK(evaluation->main_cutoff == 2);
}

TEST_CASE("differences are to the baseline with the best NDCG, which has none itself") {
  const auto log = random_log(3);
  const Split split(log, SplitKind::leave_last_out);
  auto arms = evaluate::baseline_arms(split, split, false);
  arms.push_back({"twin", evaluate::ArmKind::model, evaluate::make_popularity_ranker(split), log.item_ids.size()});
  const auto evaluation = evaluate::evaluate(split, arms, {}, {});
  REQUIRE(evaluation.ok());
  REQUIRE(evaluation->best_baseline.has_value());
  const auto& best = evaluation->arms[*evaluation->best_baseline];
  CHECK(best.kind == evaluate::ArmKind::baseline);
  CHECK_FALSE(best.ahead.has_value());
  CHECK(evaluation->cutoffs[evaluation->main_cutoff] == 10);
  for (const auto& arm : evaluation->arms) {
    CHECK(arm.accuracy.ndcg[2].value <= best.accuracy.ndcg[2].value);
    if (!arm.ahead) continue;
    CHECK(arm.ahead->ndcg[2].value == Approx(arm.accuracy.ndcg[2].value - best.accuracy.ndcg[2].value));
    CHECK(arm.ahead->ndcg[2].interval.low <= arm.ahead->ndcg[2].value);
    CHECK(arm.ahead->ndcg[2].interval.high >= arm.ahead->ndcg[2].value);
  }
}

TEST_CASE("the seed decides the intervals and nothing else") {
  const auto log = random_log(9);
  const Split split(log, SplitKind::leave_last_out);
  const auto arms = evaluate::baseline_arms(split, split, false);
  const auto one = evaluate::evaluate(split, arms, {.bootstrap_seed = 1}, {});
  const auto two = evaluate::evaluate(split, arms, {.bootstrap_seed = 2}, {});
  REQUIRE(one.ok());
  REQUIRE(two.ok());
  CHECK(one->arms[0].accuracy.ndcg[2].value == two->arms[0].accuracy.ndcg[2].value);
  CHECK(one->arms[0].accuracy.ndcg[2].interval.low != two->arms[0].accuracy.ndcg[2].interval.low);
}

TEST_CASE("unknown targets are missed and unknown history is passed over") {
  const auto log = toy_log({"abcd", "abdc"});
  const Split split(log, SplitKind::leave_last_out);
  IndexRanker::expected = 2;  // a is unknown
  const auto arms = index_arm(2, {evaluate::unknown_item, 1, 0, evaluate::unknown_item});
  const auto evaluation = evaluate::evaluate(split, arms, {.cutoffs = {1, 1'000'000}}, {});
  REQUIRE(evaluation.ok());
  CHECK(evaluation->arms[0].unknown_targets == 1);
  CHECK(evaluation->arms[0].accuracy.hr[1].value == 0.5);
  CHECK(evaluation->arms[0].accuracy.hr[0].value == 0);  // c: only b was shown before it, so that all scores are equal
}

TEST_CASE("the number of threads changes no bit") {
  const auto log = random_log(7);
  const Split split(log, SplitKind::leave_last_out);
  const auto arms = evaluate::baseline_arms(split, split, false);
  std::size_t last_done = 0;
  const auto one =
      evaluate::evaluate(split, arms, {.threads = 1}, [&](std::size_t done, std::size_t) { last_done = done; });
  REQUIRE(one.ok());
  CHECK(last_done == one->users);
  for (const std::uint32_t threads : {2U, 5U, 16U}) {
    const auto many = evaluate::evaluate(split, arms, {.threads = threads}, {});
    REQUIRE(many.ok());
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
      const auto& own = many->arms[arm];
      const auto& expected = one->arms[arm];
      for (const auto metric : {&evaluate::Accuracy::hr, &evaluate::Accuracy::ndcg, &evaluate::Accuracy::mrr}) {
        for (std::size_t c = 0; c < one->cutoffs.size(); ++c) {
          const auto& estimate = (own.accuracy.*metric)[c];
          CHECK(estimate.value == (expected.accuracy.*metric)[c].value);
          CHECK(estimate.interval.low == (expected.accuracy.*metric)[c].interval.low);
          CHECK(estimate.interval.high == (expected.accuracy.*metric)[c].interval.high);
        }
      }
      CHECK(values(own.popularity) == values(expected.popularity));
      CHECK(own.coverage == expected.coverage);
      CHECK(own.hit_curve == expected.hit_curve);
    }
  }
}

TEST_CASE("an evaluation of nothing is an error, and it can be stopped") {
  const auto log = toy_log({"ab", "a"});
  CHECK(evaluate::evaluate(Split(log, SplitKind::leave_last_out), index_arm(2), {}, {}).error().code ==
        ErrorCode::invalid_argument);
  const auto longer = random_log(1);
  const std::atomic<bool> stop{true};
  CHECK(evaluate::evaluate(Split(longer, SplitKind::leave_last_out), index_arm(26), {.stop = &stop}, {}).error().code ==
        ErrorCode::interrupted);
}

TEST_CASE("logs in which nobody meets an item twice are recognised") {
  const auto once = toy_log({"abcd", "dcba"});
  CHECK(data::history_never_repeats(Split(once, SplitKind::leave_last_out)));
  const auto again = toy_log({"abacd", "dcba"});
  CHECK_FALSE(data::history_never_repeats(Split(again, SplitKind::leave_last_out)));
}

TEST_CASE("of more targets than wanted, those of every nth user are ranked") {
  const auto log = toy_log({"abcde", "bcdea", "cdeab", "deabc", "eabcd", "abced", "acbde"});
  const Split split(log, SplitKind::leave_last_out);
  const auto targets = [&split](std::size_t max_targets) {
    const auto evaluation = evaluate::evaluate(split, evaluate::baseline_arms(split, split, false),
                                               {.max_targets = max_targets, .threads = 1}, {});
    REQUIRE(evaluation.ok());
    CHECK(evaluation->users == evaluation->targets);
    return evaluation->targets;
  };
  CHECK(targets(0) == 7);
  CHECK(targets(7) == 7);
  CHECK(targets(6) == 4);
  CHECK(targets(2) == 2);
  CHECK(targets(1) == 1);
}
