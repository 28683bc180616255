// A head of 4-bit weights beside the same weights in int8: all that a session, a ranking, an explanation or a head that
// learns makes of them must be equal.
#include "../support/random_model.hpp"
#include "small_sessions.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

namespace {

using namespace sotto;
using test::state_of;

WeightValues in_eight_bits(const MatrixS4& matrix) {
  WeightValues values(std::size_t{matrix.rows} * matrix.cols);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int8_t>(weight_s4(matrix.row(i / matrix.cols), matrix.stride(), i % matrix.cols));
  }
  return values;
}

FixedModel in_eight_bits(const FixedModel& model) {
  FixedModel same = model;
  FixedWeights& w = same.weights;
  (model.info.architecture.tied_head ? w.embedding.values : w.head) = in_eight_bits(w.head_s4);
  w.head_s4 = {};
  return same;
}

std::vector<ItemIndex> diverse_items(Session& session) {
  std::vector<ScoredItem> best(8);
  best.resize(session.recommend({.diversity = max_diversity / 2}, best));
  std::vector<ItemIndex> items;
  for (const ScoredItem& scored : best) items.push_back(scored.item);
  return items;
}

// Sizes around the 16 and 32 columns of a tile.
std::vector<Architecture> architectures() {
  std::vector<Architecture> all;
  for (const std::uint32_t hidden : {1U, 16U, 17U, 31U, 32U, 33U, 64U, 100U}) {
    all.push_back({37, hidden, hidden, 1, true, true, true, true});
    all.push_back({37, 9, hidden, 2, false, hidden % 2 == 0, true, true});
  }
  return all;
}

}  // namespace

TEST_CASE("4-bit weights give what the same weights give in int8, in every tier", "[runtime][head_s4]") {
  Random random(41);
  for (const Architecture& a : architectures()) {
    CAPTURE(a.hidden_dim, a.tied_head);
    const FixedModel model = test::random_fixed_model(a, random.next(), 4);
    const FixedModel same = in_eight_bits(model);
    const Engine wanted(same, 1, reference_kernels());
    OwningSession expected(wanted);
    std::vector<ItemIndex> events(20);
    for (ItemIndex& item : events) item = random.below(a.items);
    for (const Kernels* tier : available_kernels()) {
      CAPTURE(tier->name);
      const Engine engine(model, 1, *tier);
      OwningSession session(engine);
      expected.reset();
      for (const ItemIndex item : events) {
        REQUIRE(session.observe(item).ok());
        REQUIRE(expected.observe(item).ok());
        REQUIRE(std::ranges::equal(session.scores(), expected.scores()));
      }
      CHECK(state_of(session) == state_of(expected));
      CHECK(diverse_items(session) == diverse_items(expected));
      Workspace workspace(engine);
      Workspace expected_workspace(wanted);
      const auto reasons = why(engine, session.state(), 3, workspace);
      const auto expected_reasons = why(wanted, expected.state(), 3, expected_workspace);
      REQUIRE((reasons.ok() && expected_reasons.ok()));
      CHECK(std::ranges::equal(*reasons, *expected_reasons, {}, &EventContribution::logit, &EventContribution::logit));
    }
  }
}
