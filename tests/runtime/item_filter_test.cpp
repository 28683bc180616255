#include "../support/random_model.hpp"

#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/item_filter.hpp>
#include <sotto/runtime/session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace {

using sotto::ItemFilter;
using sotto::ItemIndex;
using Categories = std::vector<std::string_view>;

sotto::Catalogue shop() {
  sotto::Catalogue catalogue;
  catalogue.item_ids = {"pot", "spade", "mug", "rose", "gift card"};
  catalogue.categories = {"Kitchen|Garden", "Garden", "Kitchen", "|Garden|", ""};
  return catalogue;
}

std::vector<ItemIndex> through(const ItemFilter& filter) {
  std::vector<ItemIndex> items;
  for (ItemIndex item = 0; item < filter.allowed().size(); ++item) {
    if (filter.allowed()[item] != 0) items.push_back(item);
  }
  return items;
}

}  // namespace

TEST_CASE("a filter narrows by categories and by items", "[runtime][item_filter]") {
  const auto catalogue = shop();
  using Items = std::vector<ItemIndex>;
  CHECK(through(ItemFilter(catalogue)) == Items{0, 1, 2, 3, 4});
  CHECK(through(ItemFilter(catalogue).only(Categories{"Garden"})) == Items{0, 1, 3});
  CHECK(through(ItemFilter(catalogue).only(Categories{"Garden", "Kitchen", "no such"})) == Items{0, 1, 2, 3});
  CHECK(through(ItemFilter(catalogue).only(Categories{"garden"})).empty());
  CHECK(through(ItemFilter(catalogue).only(Categories{""})).empty());
  CHECK(through(ItemFilter(catalogue).without(Categories{"Kitchen"})) == Items{1, 3, 4});
  CHECK(through(ItemFilter(catalogue).without(Categories{""})) == Items{0, 1, 2, 3, 4});
  CHECK(through(ItemFilter(catalogue).only(Categories{"Garden"}).without(Categories{"Kitchen"})) == Items{1, 3});
  CHECK(through(ItemFilter(catalogue).without(Categories{"Kitchen"}).among(Items{3, 3, 2, 99})) == Items{3});
}

TEST_CASE("a catalogue without categories has items in none", "[runtime][item_filter]") {
  auto catalogue = shop();
  catalogue.categories.clear();
  CHECK(through(ItemFilter(catalogue).only(Categories{"Garden"})).empty());
  CHECK(through(ItemFilter(catalogue).without(Categories{"Garden"})).size() == 5);
}

TEST_CASE("recommend keeps to the filter and the exclusion list, for this call only", "[runtime][item_filter]") {
  const sotto::Architecture architecture{23, 8, 8, 2, true, true, true, true};
  auto model = sotto::test::random_fixed_model(architecture, 3);
  for (ItemIndex item = 0; item < architecture.items; ++item) {
    model.info.catalogue.categories.push_back(item % 2 == 0 ? "even" : "odd");
  }
  const sotto::Engine engine(model, 1);
  sotto::Session session(engine);
  REQUIRE(session.observe(3).ok());
  std::vector<sotto::ScoredItem> all(architecture.items);
  REQUIRE(session.recommend({}, all) == architecture.items);

  ItemFilter filter(model.info.catalogue);
  filter.only(Categories{"odd"});
  const std::vector<ItemIndex> exclude{5, 8};
  std::vector<ItemIndex> expected;
  for (const auto& [item, score] : all) {
    if (item % 2 == 1 && item != 5) expected.push_back(item);
  }
  std::vector<sotto::ScoredItem> best(architecture.items);
  REQUIRE(session.recommend({.exclude = exclude, .allowed = filter.allowed()}, best) == expected.size());
  for (std::size_t rank = 0; rank < expected.size(); ++rank) CHECK(best[rank].item == expected[rank]);
  CHECK(session.recommend({}, best) == architecture.items);
}
