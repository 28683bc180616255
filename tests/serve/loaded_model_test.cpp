#include <sotto/model/model_file.hpp>
#include <sotto/serve/loaded_model.hpp>

#include "../support/random_model.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sotto;
using namespace sotto::serve;

namespace {

constexpr Architecture small{.items = 5, .embedding_dim = 8, .hidden_dim = 8, .layers = 1};

std::shared_ptr<const LoadedModel> open(const FixedModel& model) {
  const auto bytes = serialize(model);
  AlignedBuffer<std::byte> file(bytes.size());
  std::ranges::copy(bytes, file.data());
  auto opened = LoadedModel::open("shop", std::move(file));
  INFO((opened ? "" : opened.error().detail));
  REQUIRE(opened);
  return std::move(opened).value();
}

}  // namespace

TEST_CASE("a loaded model finds its items and is named after its fingerprint") {
  const auto model = open(test::random_fixed_model(small, 1));
  CHECK(model->name() == "shop");
  CHECK(model->version().size() == 16);
  CHECK(std::stoull(model->version(), nullptr, 16) == model->fingerprint());
  CHECK(model->find("item-0") == ItemIndex{0});
  CHECK(model->find("item-4") == ItemIndex{4});
  CHECK_FALSE(model->find("item-5"));
  CHECK_FALSE(model->find(""));
}

TEST_CASE("an item is once in each of its categories, and an empty name is no category") {
  FixedModel fixed = test::random_fixed_model(small, 1);
  fixed.info.catalogue.categories = {"mugs|tea", "tea", "", "|tea||mugs|tea", "Tea"};
  const auto model = open(fixed);
  CHECK(model->items_of("tea") == std::vector<ItemIndex>{0, 1, 3});
  CHECK(model->items_of("mugs") == std::vector<ItemIndex>{0, 3});
  CHECK(model->items_of("Tea") == std::vector<ItemIndex>{4});
  CHECK(model->items_of("").empty());
  CHECK(model->items_of("mugs|tea").empty());
}

TEST_CASE("pairs to another version ascend by the other's index") {
  FixedModel theirs = test::random_fixed_model(small, 1);
  FixedModel ours = test::random_fixed_model(small, 2);
  theirs.info.catalogue.item_ids = {"a", "b", "c", "d", "e"};
  ours.info.catalogue.item_ids = {"e", "x", "c", "b", "y"};
  const auto pairs = open(ours)->pairs_from(*open(theirs));
  REQUIRE(pairs.size() == 3);
  CHECK((pairs[0].theirs == 1 && pairs[0].ours == 3));
  CHECK((pairs[1].theirs == 2 && pairs[1].ours == 2));
  CHECK((pairs[2].theirs == 4 && pairs[2].ours == 0));
}

TEST_CASE("a float model is no model to serve") {
  const auto bytes = serialize(test::random_float_model(small, 1));
  AlignedBuffer<std::byte> file(bytes.size());
  std::ranges::copy(bytes, file.data());
  const auto opened = LoadedModel::open("shop", std::move(file));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::wrong_type);
}
