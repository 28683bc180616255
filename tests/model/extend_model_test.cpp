// Items added to a model without training.
#include "../support/random_model.hpp"

#include <sotto/model/extend_model.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/session.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <vector>

namespace {

using sotto::Architecture;
using sotto::Catalogue;
using sotto::ErrorCode;
using sotto::FixedModel;
using sotto::ItemIndex;

constexpr std::uint32_t shop_items = 23;

// Two categories; the model's random catalogue may have others.
FixedModel shop_model(bool tied, int head_bits) {
  Architecture architecture{shop_items, 8, 8, 1, tied, true, true, true};
  architecture.memory_term = true;
  FixedModel model = sotto::test::random_fixed_model(architecture, 5, head_bits);
  model.info.catalogue.categories.resize(shop_items);
  for (std::size_t item = 0; item < shop_items; ++item) {
    model.info.catalogue.categories[item] = item % 2 == 0 ? "garden" : "kitchen";
  }
  return model;
}

Catalogue with_items(const FixedModel& model, const std::vector<std::string>& categories) {
  Catalogue catalogue = model.info.catalogue;
  for (std::size_t n = 0; n < categories.size(); ++n) {
    catalogue.item_ids.push_back("added " + std::to_string(n));
    catalogue.categories.push_back(categories[n]);
    if (!catalogue.titles.empty()) catalogue.titles.emplace_back("Added");
    if (!catalogue.images.empty()) catalogue.images.emplace_back();
    if (!catalogue.prices.empty()) catalogue.prices.push_back(1);
  }
  return catalogue;
}

std::vector<std::int32_t> scores_after(const FixedModel& model, const std::vector<ItemIndex>& events) {
  const sotto::Engine engine(model, 1);
  sotto::UserState user(engine);
  sotto::Workspace workspace(engine);
  sotto::Session session(engine, user, workspace);
  REQUIRE(session.observe_all(events).ok());
  const auto scores = session.scores();
  return {scores.begin(), scores.end()};
}

}  // namespace

TEST_CASE("an extended model is a valid file and scores its known items as before", "[model][extend]") {
  const auto [tied, head_bits] =
      GENERATE(std::pair{true, 8}, std::pair{true, 4}, std::pair{false, 8}, std::pair{false, 4});
  const FixedModel model = shop_model(tied, head_bits);
  const auto extended = sotto::extend_model(model, with_items(model, {"garden", "", "unheard of"}));
  REQUIRE(extended.ok());
  CHECK(extended->added == 3);
  CHECK(extended->with_category == 1);
  const auto read = sotto::parse_fixed_model(sotto::serialize(extended->model));
  REQUIRE(read.ok());
  CHECK(read->info.architecture.items == shop_items + 3);
  CHECK(read->info.catalogue.item_ids.back() == "added 2");
  auto after = scores_after(*read, {1, 4, 2});
  REQUIRE(after.size() == shop_items + 3);
  after.resize(shop_items);
  CHECK(after == scores_after(model, {1, 4, 2}));
  // A user may choose an added item.
  CHECK(scores_after(*read, {1, shop_items, shop_items + 2}).size() == shop_items + 3);
}

TEST_CASE("an added item scores like its category, less its popularity", "[model][extend]") {
  FixedModel model = shop_model(true, 8);
  std::ranges::fill(model.weights.head_bias, 0);
  model.weights.head_bias[3] = -500'000;
  model.weights.counts.reset();
  model.weights.history.reset();
  model.info.architecture.count_expert = false;
  model.info.architecture.history_term = false;
  const auto extended = sotto::extend_model(model, with_items(model, {"garden", "none"}));
  REQUIRE(extended.ok());
  const auto scores = scores_after(extended->model, {1, 4, 2});
  double garden = 0;
  for (std::size_t item = 0; item < shop_items; item += 2) garden += scores[item] / 12.0;
  double largest = 0;
  for (std::size_t item = 0; item < shop_items; ++item) largest = std::max(largest, std::abs(scores[item] + 0.0));
  CHECK(std::abs(scores[shop_items] + 500'000 - garden) < 0.03 * largest);
  CHECK(scores[shop_items + 1] == -500'000);
}

TEST_CASE("a catalogue that does not continue the model's is refused", "[model][extend]") {
  const FixedModel model = shop_model(true, 8);
  Catalogue other = with_items(model, {"garden"});
  std::swap(other.item_ids[0], other.item_ids[1]);
  CHECK(sotto::extend_model(model, other).error().code == ErrorCode::mismatch);
  Catalogue shorter = model.info.catalogue;
  shorter.item_ids.pop_back();
  CHECK(sotto::extend_model(model, shorter).error().code == ErrorCode::mismatch);
  Architecture binary{shop_items, 8, 8, 1, false, false};
  binary.head = sotto::HeadKind::binary;
  const FixedModel judge = sotto::test::random_fixed_model(binary, 5);
  CHECK(sotto::extend_model(judge, judge.info.catalogue).error().code == ErrorCode::unsupported);
}
