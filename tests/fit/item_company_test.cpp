// Items that were met with the same items count as if they had been met together.
#include "../support/small_logs.hpp"
#include "small_network.hpp"

#include <sotto/base/random.hpp>
#include <sotto/fit/content_similarity.hpp>
#include <sotto/fit/count_table.hpp>
#include <sotto/fit/fit_head_terms.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::fit {
namespace {

bool has_neighbor(const CountExpert& expert, ItemIndex from, ItemIndex to) {
  const auto row = std::span(expert.neighbor).subspan(expert.begin[from], expert.begin[from + 1] - expert.begin[from]);
  return std::ranges::find(row, to) != row.end();
}

// Each user meets `length` items of one group at random.
data::Interactions grouped_log(std::size_t users, std::size_t length, ItemIndex groups, ItemIndex items_of_group) {
  Random random(1);
  std::vector<std::vector<ItemIndex>> events(users);
  for (std::size_t user = 0; user < users; ++user) {
    const ItemIndex first = static_cast<ItemIndex>(user % groups) * items_of_group;
    while (events[user].size() < length) events[user].push_back(first + random.below(items_of_group));
  }
  return test::make_log(events);
}

TEST_CASE("items that nobody met together are neighbors if they keep like company", "[fit][company]") {
  // 0 and 2 were both met with 1, item 3 with 4.
  const auto log = test::make_log({{0, 1}, {2, 1}, {3, 4}});
  const data::Split split(log, data::SplitKind::none);
  const CountExpert pairs = make_count_table(split, {});
  CHECK_FALSE(has_neighbor(pairs, 0, 2));
  const CountTableOptions options{.company_pairs = 2};
  const CountExpert company = make_count_table(split, options);
  CHECK(has_neighbor(company, 0, 1));
  CHECK(has_neighbor(company, 0, 2));
  CHECK(has_neighbor(company, 2, 0));
  CHECK_FALSE(has_neighbor(company, 0, 3));
  CHECK_FALSE(has_neighbor(company, 0, 0));
  CHECK(make_count_table(split, options) == company);
}

TEST_CASE("an item that most others were met with is left out of their company", "[fit][company]") {
  // The comparison of all items by item 0 would be more products than ContentSimilarity::max_products.
  std::vector<std::vector<ItemIndex>> users;
  for (ItemIndex item = 1; item < 70'000; ++item) users.push_back({item, 0});
  const auto log = test::make_log(users);
  const data::Split split(log, data::SplitKind::none);
  CHECK(make_count_table(split, {.company_pairs = 2}) == make_count_table(split, {}));
}

TEST_CASE("a stopped count of company ends without neighbors", "[fit][company]") {
  const auto log = test::make_log({{0, 1}, {2, 1}});
  const data::Split split(log, data::SplitKind::none);
  const std::atomic<bool> stop = true;
  CHECK(make_count_table(split, {.company_pairs = 2}, nullptr, &stop).neighbor.empty());
}

TEST_CASE("a fit counts company in a sparse log without texts", "[fit][company]") {
  // Few pairs of a group's items were met, but all items of a group keep like company.
  const auto log = grouped_log(400, 5, 40, 10);
  const data::Split split(log, data::SplitKind::leave_last_out);
  const FloatModel model = test::small_network(log, split);
  train::ThreadPool pool(2);
  const auto found = fit_head_terms(model, split, {}, pool);
  REQUIRE(found.terms);
  REQUIRE(found.terms->counting);
  CHECK(found.terms->counting->company_pairs > 0);
  train::ThreadPool single(1);
  const auto again = fit_head_terms(model, split, {}, single);
  REQUIRE(again.terms);
  CHECK(again.terms->numbers == found.terms->numbers);

  SECTION("the table is counted anew from the events of a final training") {
    FloatModel first = model;
    FloatModel last = model;
    add_head_terms(*found.terms, split, nullptr, first);
    add_head_terms(*found.terms, split.with_validation_trained(), nullptr, last);
    CHECK(first.weights.counts->neighbor != last.weights.counts->neighbor);
  }
  SECTION("but not where texts can be compared") {
    train::ItemFeatures features{.columns = 2, .begin = {0}, .column = {}, .value = {}};
    for (std::size_t item = 0; item < log.item_ids.size(); ++item) {
      features.column.push_back(static_cast<std::uint32_t>(item % 2));
      features.value.push_back(1);
      features.begin.push_back(features.column.size());
    }
    const ContentSimilarity content(features);
    REQUIRE_FALSE(content.empty());
    const auto with_texts = fit_head_terms(model, split, {.content = &content}, pool);
    REQUIRE(with_texts.terms);
    REQUIRE(with_texts.terms->counting);
    CHECK(with_texts.terms->counting->company_pairs == 0);
  }
}

TEST_CASE("a fit does not count company where items have many events", "[fit][company]") {
  const auto log = grouped_log(600, 12, 3, 30);
  const data::Split split(log, data::SplitKind::leave_last_out);
  train::ThreadPool pool(2);
  const auto found = fit_head_terms(test::small_network(log, split), split, {}, pool);
  REQUIRE(found.terms);
  REQUIRE(found.terms->counting);
  CHECK(found.terms->counting->company_pairs == 0);
}

}  // namespace
}  // namespace sotto::fit
