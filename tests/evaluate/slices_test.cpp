#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/slices.hpp>

#include "toy_log.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace sotto;
using Catch::Approx;
using data::Split;
using data::SplitKind;
using sotto::test::toy_log;

namespace {

// Always prefers the item that appeared last in the log.
class LateLetters final : public evaluate::Ranker {
 public:
  void reset() override {}
  void observe(ItemIndex) override {}
  void scores(std::span<double> scores) override { std::iota(scores.begin(), scores.end(), 0.0); }
  std::unique_ptr<evaluate::Ranker> clone() const override { return std::make_unique<LateLetters>(); }
};

std::vector<std::string_view> names(const std::array<std::size_t, 3>& slices) {
  std::vector<std::string_view> names;
  for (const std::size_t slice : slices) names.push_back(evaluate::slice_names[slice].name);
  return names;
}

const evaluate::Slice& find(const std::vector<evaluate::Slice>& slices, std::string_view name) {
  const auto found = std::ranges::find(slices, name, &evaluate::Slice::name);
  REQUIRE(found != slices.end());
  return *found;
}

}  // namespace

TEST_CASE("a target is in one slice of each dimension") {
  const auto log = toy_log({"abc", "abaaca", "ababaax", std::string(60, 'b')});
  const Split split(log, SplitKind::leave_last_out);
  const evaluate::Slicer slicer(split);
  // Training: a, abaa, ababa and 58 times b, which is all of the head.
  using Names = std::vector<std::string_view>;
  CHECK(names(slicer.slices_of({0, 2})) == Names{"1–2", "never in training", "new item"});
  CHECK(names(slicer.slices_of({1, 5})) == Names{"3–5", "tail", "repeat item"});
  CHECK(names(slicer.slices_of({2, 6})) == Names{"6–10", "never in training", "new item"});
  for (const auto& [event, band] : std::vector<std::pair<std::size_t, std::string_view>>{{1, "1–2"},
                                                                                         {2, "1–2"},
                                                                                         {3, "3–5"},
                                                                                         {5, "3–5"},
                                                                                         {6, "6–10"},
                                                                                         {10, "6–10"},
                                                                                         {11, "11–20"},
                                                                                         {20, "11–20"},
                                                                                         {21, "21–50"},
                                                                                         {50, "21–50"},
                                                                                         {51, "51+"}}) {
    CHECK(names(slicer.slices_of({3, event})) == Names{band, "head", "repeat item"});
  }
}

TEST_CASE("each slice has its own means and differences") {
  // Test targets: c after 2 events, a after 5 (a repeat), x after 6 (never in training).
  const auto log = toy_log({"abc", "abaaca", "ababaax"});  // items a b c x
  const Split split(log, SplitKind::leave_last_out);
  auto arms = evaluate::baseline_arms(split, split, false);
  arms.push_back({"late", evaluate::ArmKind::model, std::make_unique<LateLetters>(), 4});
  const std::size_t late = arms.size() - 1;
  const auto evaluation = evaluate::evaluate(split, arms, {}, {});
  REQUIRE(evaluation.ok());
  for (const std::string_view dimension : {"history", "popularity", "repeat"}) {
    std::uint64_t sum = 0;
    for (const auto& slice : evaluation->slices) sum += slice.dimension == dimension ? slice.targets : 0;
    CHECK(sum == 3);
  }
  CHECK(find(evaluation->slices, "1–2").ndcg[late].value == Approx(1 / std::log2(3.0)));   // c is second of four
  CHECK(find(evaluation->slices, "3–5").ndcg[late].value == Approx(1 / std::log2(5.0)));   // a is the last
  CHECK(find(evaluation->slices, "6–10").ndcg[late].value == 1);
  const auto& repeat = find(evaluation->slices, "repeat item");
  CHECK(repeat.targets == 1);
  CHECK(repeat.hr[late].value == 1);
  const std::size_t best = evaluation->best_baseline.value();
  CHECK(repeat.ndcg_ahead[late].value == Approx(repeat.ndcg[late].value - repeat.ndcg[best].value));
  CHECK(repeat.ndcg_ahead[best].value == 0);
  CHECK(find(evaluation->slices, "51+").targets == 0);
  CHECK(std::isnan(find(evaluation->slices, "51+").hr[late].value));
}
