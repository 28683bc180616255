#include "../support/small_logs.hpp"

#include <sotto/data/catalogue_file.hpp>
#include <sotto/fit/content_similarity.hpp>
#include <sotto/fit/count_table.hpp>
#include <sotto/train/item_features.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace sotto::fit {
namespace {

using Catch::Approx;

ContentSimilarity similarity_of(const std::vector<std::string>& titles) {
  data::ItemTexts texts;
  for (const std::string& title : titles) texts.items.push_back({title, {}});
  return ContentSimilarity(train::text_features(texts));
}

std::vector<double> cosines(const ContentSimilarity& similarity, ItemIndex item, std::size_t items) {
  std::vector<double> sums(items);
  similarity.for_each_part(item, [&](ItemIndex other, double part) { sums[other] += part; });
  return sums;
}

TEST_CASE("items are alike by the rare words that they share", "[fit][content]") {
  const std::vector<std::string> titles = {"red lunch bag", "Lunch bag, RED", "red candle", "blue lamp", "", "red"};
  const ContentSimilarity similarity = similarity_of(titles);
  const auto of_bag = cosines(similarity, 0, titles.size());
  CHECK(of_bag[1] == Approx(1).margin(1e-5));  // neither case nor order
  CHECK(of_bag[2] > 0.01);
  CHECK(of_bag[2] < 0.5);
  CHECK(of_bag[3] < of_bag[2]);
  CHECK(of_bag[4] == 0);
  CHECK(cosines(similarity, 1, titles.size())[0] == Approx(of_bag[1]));
  CHECK(cosines(similarity, 4, titles.size()) == std::vector<double>(titles.size()));
}

TEST_CASE("dense vectors and no features compare nothing", "[fit][content]") {
  CHECK(ContentSimilarity({}).empty());
  train::ItemFeatures dense{.columns = 1, .begin = {0}, .column = {}, .value = {}};
  constexpr std::size_t items = 70'000;  // their products are more than max_products
  for (std::size_t item = 0; item < items; ++item) {
    dense.column.push_back(0);
    dense.value.push_back(1);
    dense.begin.push_back(dense.column.size());
  }
  CHECK(ContentSimilarity(dense).empty());
}

TEST_CASE("like items follow as if they had been met together, most where there are few events", "[fit][content]") {
  // 0 is followed by 1 in many users, 2 by 3 in one; 4 is without events, its title is that of 0 and 2.
  std::vector<std::vector<ItemIndex>> users(20, {0, 1});
  users.push_back({2, 3});
  auto log = test::make_log(users);
  log.item_ids.push_back("i4");
  const data::Split split(log, data::SplitKind::none);
  const ContentSimilarity content = similarity_of({"green tea", "a", "green tea", "b", "green tea"});
  const CountTableOptions options{.neighbors = 10, .window = 1, .source_power = 0.7, .content_pairs = 2};
  const CountExpert expert = make_count_table(split, options, &content);
  const auto share = [&expert](ItemIndex from, ItemIndex to) {
    double all = 0;
    double found = 0;
    for (std::uint32_t i = expert.begin[from]; i < expert.begin[from + 1]; ++i) {
      all += expert.weight[i];
      if (expert.neighbor[i] == to) found = expert.weight[i];
    }
    return all > 0 ? found / all : 0;
  };
  CHECK(share(0, 4) > 0);
  CHECK(share(2, 4) > share(0, 4));
  CHECK(share(0, 1) > share(0, 4));
  CHECK(share(2, 4) > share(2, 3));  // one pair against a cosine of 1, which is worth two
  CHECK(share(4, 0) > 0);            // an item without events has neighbors, too
  CHECK(share(0, 0) == 0);
  // Without content: pairs alone.
  CHECK(make_count_table(split, options) ==
        make_count_table(split, {.neighbors = 10, .window = 1, .source_power = 0.7}));
}

}  // namespace
}  // namespace sotto::fit
