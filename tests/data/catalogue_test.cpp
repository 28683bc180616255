#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/files.hpp>

#include "log_text.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>
#include <vector>

using namespace sotto;
using sotto::test::bytes_of;
using sotto::test::read_text;

namespace {

Result<Catalogue> catalogue_from(std::string_view items) {
  auto log = read_text("user_id,item_id,timestamp\nu,b,1\nu,a,2\n");
  REQUIRE(log.ok());
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "items.csv";
  REQUIRE(data::write_file_atomically(file, bytes_of(items)).ok());
  auto catalogue = data::make_catalogue(*log, file);
  if (!catalogue) {
    Error error = catalogue.error();
    error.detail = error.detail.substr(folder.path().string().size() + 1);
    return error;
  }
  return catalogue;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the catalogue has the log's items in their order, described by the items file") {
  const auto c =
      catalogue_from("title,item_id,image,price,category,currency\nApple,a,a.png,1.5,Fruit,EUR\nCake,c,,9,,EUR\n");
  REQUIRE(c.ok());
  CHECK(c->item_ids == Texts{"b", "a"});
  CHECK(c->titles == Texts{"", "Apple"});
  CHECK(c->categories == Texts{"", "Fruit"});
  CHECK(c->images == Texts{"", "a.png"});
  REQUIRE(c->prices.size() == 2);
  CHECK(std::isnan(c->prices[0]));
  CHECK(c->prices[1] == 1.5);
  CHECK(c->currency == "EUR");
}

TEST_CASE("columns that the items file does not have stay empty") {
  const auto c = catalogue_from("item_id,median_price_gbp\na,0.85\n");
  REQUIRE(c.ok());
  CHECK(c->titles.empty());
  CHECK(c->prices[1] == 0.85);
  CHECK(c->currency == "GBP");

  auto log = read_text("user_id,item_id,timestamp\nu,b,1\n");
  REQUIRE(log.ok());
  const auto bare = data::make_catalogue(*log, {});
  REQUIRE(bare.ok());
  CHECK(bare->item_ids == Texts{"b"});
  CHECK(bare->prices.empty());
}

TEST_CASE("bad items files are refused with their line") {
  struct Row {
    std::string text;
    std::string error;
  };
  const std::vector<Row> rows = {
      {"id,title\na,x\n",
       "items.csv: no column 'item_id'; the file has 'id', 'title': name the column to use, or add a header row"},
      {"item_id,title\na,x\nb,y\na,z\n", "items.csv:4: item 'a' appears a second time, first on line 2; keep one row"},
      {"item_id,price\na,-1\n", "items.csv:2: the price is '-1', expected a number such as 12.50, or nothing"},
      {"item_id,price\na,1e400\n", "items.csv:2: the price is '1e400', expected a number such as 12.50, or nothing"},
      {"item_id,price\na,$5\n", "items.csv:2: the price is '$5', expected a number such as 12.50, or nothing"},
      {"item_id,title\na\n", "items.csv:2: the row has 1 fields, the header has 2"},
      {"item_id,title\na,\xFF\n", "items.csv:2: column 'title' is '\\xff', expected UTF-8 text"},
      {"item_id,currency\na,euro\n", "items.csv:2: column 'currency' is 'euro', expected an ISO 4217 code such as EUR"},
      {"item_id,currency\na,EUR\nb,USD\n",
       "items.csv:3: column 'currency' is 'USD', earlier prices are in EUR; a catalogue has one currency"},
  };
  for (const auto& [text, error] : rows) {
    CAPTURE(text);
    const auto catalogue = catalogue_from(text);
    REQUIRE_FALSE(catalogue.ok());
    CHECK(catalogue.error().detail == error);
  }
}
