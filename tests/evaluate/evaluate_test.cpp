#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/evaluate.hpp>

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
  arms.push_back({"index", std::make_unique<IndexRanker>(), items, std::move(index_of)});
  return arms;
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
  CHECK(test->arms[0].hr == std::vector<double>{0, 1});  // d is fourth
  CHECK(test->arms[0].ndcg[1] == Approx(1 / std::log2(5.0)));
  CHECK(test->arms[0].mrr[1] == Approx(0.25));

  IndexRanker::expected = 2;
  auto validation = evaluate::evaluate(split, arms, {.target = evaluate::Target::validation, .cutoffs = {2, 3}}, {});
  REQUIRE(validation.ok());
  CHECK(validation->arms[0].hr == std::vector<double>{0, 1});  // c is third
}

TEST_CASE("items of the history can be left out of the ranking, but not the target") {
  const auto log = toy_log({"abcd", "abcb"});
  const Split split(log, SplitKind::leave_last_out);
  IndexRanker::expected = 3;
  const evaluate::EvaluateOptions options{.cutoffs = {1}, .exclude_history = true};
  const auto evaluation = evaluate::evaluate(split, index_arm(4), options, {});
  REQUIRE(evaluation.ok());
  CHECK(evaluation->arms[0].hr[0] == 1);
}

TEST_CASE("unknown targets are missed and unknown history is passed over") {
  const auto log = toy_log({"abcd", "abdc"});
  const Split split(log, SplitKind::leave_last_out);
  IndexRanker::expected = 2;  // a is unknown
  const auto arms = index_arm(2, {evaluate::unknown_item, 1, 0, evaluate::unknown_item});
  const auto evaluation = evaluate::evaluate(split, arms, {.cutoffs = {1, 1'000'000}}, {});
  REQUIRE(evaluation.ok());
  CHECK(evaluation->arms[0].unknown_targets == 1);
  CHECK(evaluation->arms[0].hr[1] == 0.5);
  CHECK(evaluation->arms[0].hr[0] == 0);  // c: only b was shown before it, so that all scores are equal
}

TEST_CASE("the number of threads changes no bit") {
  const auto log = random_log(7);
  const Split split(log, SplitKind::leave_last_out);
  const auto arms = evaluate::baseline_arms(split);
  std::size_t last_done = 0;
  const auto one =
      evaluate::evaluate(split, arms, {.threads = 1}, [&](std::size_t done, std::size_t) { last_done = done; });
  REQUIRE(one.ok());
  CHECK(last_done == one->users);
  for (const std::uint32_t threads : {2U, 5U, 16U}) {
    const auto many = evaluate::evaluate(split, arms, {.threads = threads}, {});
    REQUIRE(many.ok());
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
      CHECK(many->arms[arm].hr == one->arms[arm].hr);
      CHECK(many->arms[arm].ndcg == one->arms[arm].ndcg);
      CHECK(many->arms[arm].mrr == one->arms[arm].mrr);
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
  CHECK(evaluate::history_never_repeats(Split(once, SplitKind::leave_last_out)));
  const auto again = toy_log({"abacd", "dcba"});
  CHECK_FALSE(evaluate::history_never_repeats(Split(again, SplitKind::leave_last_out)));
}
