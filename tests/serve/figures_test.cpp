#include <sotto/base/random.hpp>
#include <sotto/serve/figures.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace sotto::serve {
namespace {

Figures random_figures(Random& random) {
  Figures figures;
  figures.items = ShownItems(500);
  figures.lists = random.below(100);
  const auto rank = [&]() -> std::optional<std::size_t> {
    if (random.below(3) == 0) return std::nullopt;
    return 1 + random.below(20);
  };
  for (std::uint32_t i = random.below(20); i > 0; --i) {
    figures.choices.add(rank());
    figures.as_shadow.add(rank(), rank());
    figures.items.add(random.below(500));
    figures.latency.add(random.below(1'000'000));
  }
  return figures;
}

}  // namespace

TEST_CASE("a period starts at a full hour, also before 1970") {
  CHECK(period_of(0) == 0);
  CHECK(period_of(3599) == 0);
  CHECK(period_of(3600) == 3600);
  CHECK(period_of(-1) == -3600);
  CHECK(period_of(-3600) == -3600);
}

TEST_CASE("hit rate, NDCG and reciprocal rank of single choices") {
  Choices choices;
  choices.add(1);
  choices.add(3);
  choices.add(10);
  choices.add(11);
  choices.add(std::nullopt);
  CHECK(choices.count == 5);
  CHECK(choices.hits == 3);
  CHECK(choices.ndcg.sum == Catch::Approx(1 + 0.5 + 1 / std::log2(11)));
  CHECK(choices.ndcg.squares == Catch::Approx(1 + 0.25 + 1 / (std::log2(11) * std::log2(11))));
  CHECK(choices.reciprocal_rank == Catch::Approx(1 + 1.0 / 3 + 0.1 + 1.0 / 11));
}

TEST_CASE("a shadow is compared on the same choices") {
  PairedChoices pairs;
  pairs.add(1, 1);
  pairs.add(1, std::nullopt);
  pairs.add(11, 2);
  pairs.add(std::nullopt, 10);
  pairs.add(std::nullopt, std::nullopt);
  CHECK(pairs.shown.hits == 2);
  CHECK(pairs.shadow.hits == 3);
  CHECK(pairs.only_shown == 1);
  CHECK(pairs.only_shadow == 2);
  CHECK(pairs.ndcg_difference.sum == Catch::Approx(-1 + 1 / std::log2(3) + 1 / std::log2(11)));
}

TEST_CASE("an item's rank counts from 1") {
  const std::vector<ItemIndex> list = {7, 3, 9};
  CHECK(rank_of(list, 7) == 1U);
  CHECK(rank_of(list, 9) == 3U);
  CHECK_FALSE(rank_of(list, 8).has_value());
  CHECK_FALSE(rank_of(list, std::nullopt).has_value());
}

TEST_CASE("figures are the same after a way through the store") {
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    const Figures figures = random_figures(random);
    const auto read = figures_from_text(to_text(figures));
    REQUIRE(read.ok());
    CHECK(*read == figures);
  }
  CHECK(to_text(Figures()) == "{}");
}

TEST_CASE("figures add up in any order") {
  Random random(12);
  const Figures a = random_figures(random);
  const Figures b = random_figures(random);
  Figures sum = a;
  sum.add(b);
  Figures other = b;
  other.add(a);
  CHECK(sum.lists == a.lists + b.lists);
  CHECK(sum.choices.count == other.choices.count);
  CHECK(sum.items == other.items);
  CHECK(sum.latency == other.latency);
  Figures with_nothing = a;
  with_nothing.add(Figures());
  CHECK(with_nothing == a);
}

TEST_CASE("rows of figures that are damaged are refused by their member") {
  const auto detail_of = [](std::string_view text) {
    const auto figures = figures_from_text(text);
    REQUIRE_FALSE(figures.ok());
    CHECK(figures.error().code == ErrorCode::malformed);
    return figures.error().detail;
  };
  CHECK(detail_of("") == "a row of figures is no JSON object");
  CHECK(detail_of("[]") == "a row of figures is no JSON object");
  CHECK(detail_of(R"({"lists":-1})") == "a row of figures has a malformed member 'lists'");
  CHECK(detail_of(R"({"choices":[1,2,0,0,0]})") == "a row of figures has a malformed member 'choices'");
  CHECK(detail_of(R"({"choices":[1,1,1]})") == "a row of figures has a malformed member 'choices'");
  CHECK(detail_of(R"({"latency":[192,1]})") == "a row of figures has a malformed member 'latency'");
  CHECK(detail_of(R"({"latency":[1]})") == "a row of figures has a malformed member 'latency'");
  CHECK(detail_of(R"({"items":3})") == "a row of figures has a malformed member 'items'");
  CHECK(detail_of(R"({"items":"10:g:____"})") == "the items of a row of figures are not in the catalogue");
  CHECK(detail_of(R"({"as_shadow":{}})") == "a row of figures has a malformed member 'as_shadow'");
}

TEST_CASE("members of a later version's figures are left out") {
  const auto figures = figures_from_text(R"({"lists":3,"moods":[1,2]})");
  REQUIRE(figures.ok());
  CHECK(figures->lists == 3);
}

TEST_CASE("every time falls into the bucket that holds it") {
  for (std::size_t bucket = 0; bucket + 1 < LatencyHistogram::buckets; ++bucket) {
    CAPTURE(bucket);
    const std::int64_t start = LatencyHistogram::start_of(bucket);
    const std::int64_t next = LatencyHistogram::start_of(bucket + 1);
    REQUIRE(start < next);
    CHECK(LatencyHistogram::bucket_of(start) == bucket);
    CHECK(LatencyHistogram::bucket_of(next - 1) == bucket);
    if (start >= 8) CHECK((next - start) * 8 <= start);
  }
  CHECK(LatencyHistogram::bucket_of(-5) == 0);
  CHECK(LatencyHistogram::bucket_of(std::numeric_limits<std::int64_t>::max()) == LatencyHistogram::buckets - 1);
}

TEST_CASE("quantiles of times lie within an eighth of the true ones") {
  LatencyHistogram latency;
  CHECK(latency.quantile(0.5) == 0);
  for (std::int64_t micros = 1; micros <= 10'000; ++micros) latency.add(micros);
  CHECK(latency.total() == 10'000);
  CHECK(latency.quantile(0.5) == Catch::Approx(5'000).epsilon(0.125));
  CHECK(latency.quantile(0.99) == Catch::Approx(9'900).epsilon(0.125));
  CHECK(latency.quantile(1) == Catch::Approx(10'000).epsilon(0.125));
}

TEST_CASE("coverage counts an item once, and over servers") {
  ShownItems one(10);
  one.add(3);
  one.add(3);
  one.add(9);
  ShownItems other(10);
  other.add(3);
  other.add(0);
  one.add(other);
  CHECK(one.count() == 3);
  CHECK(one.coverage() == 0.3);
  one.add(ShownItems(11));
  CHECK(one.catalogue_items() == 10);
}

TEST_CASE("coverage of a large catalogue is that of every n-th item") {
  const std::size_t items = 10 * ShownItems::max_bits + 1;
  ShownItems shown(items);
  for (ItemIndex item = 0; item < items; item += 2) shown.add(item);
  CHECK(shown.count() <= ShownItems::max_bits);
  CHECK(shown.coverage() == Catch::Approx(0.5).margin(0.01));
  shown.add(static_cast<ItemIndex>(items - 1));
  const auto read = ShownItems::from_text(shown.to_text());
  REQUIRE(read.ok());
  CHECK(*read == shown);
}

TEST_CASE("shown items take the shorter of two forms") {
  ShownItems few(60'000);
  few.add(5);
  few.add(59'999);
  CHECK(few.to_text() == "60000:g:BdnUAw");
  ShownItems many(64);
  for (ItemIndex item = 0; item < 64; ++item) many.add(item);
  CHECK(many.to_text() == "64:r:__________8");
  for (const ShownItems& shown : {few, many, ShownItems(1), ShownItems(63), ShownItems(65)}) {
    const auto read = ShownItems::from_text(shown.to_text());
    REQUIRE(read.ok());
    CHECK(*read == shown);
  }
}

TEST_CASE("texts that are no shown items are refused") {
  for (const char* text : {"", "10", "10:", "10:x:AA", "-1:g:", "99999999999:g:", "10:r:AA", "10:r:AP8", "10:g:Cg",
                           "10:g:gA", "10:g:A", "10:g: "}) {
    CAPTURE(text);
    CHECK_FALSE(ShownItems::from_text(text).ok());
  }
}

}  // namespace sotto::serve
