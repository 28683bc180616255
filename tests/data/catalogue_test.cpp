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
       "items.csv: no column 'item_id'; the file has 'id', 'title': name the column to use with "
       "--items-id-column, or add a header row"},
      {"item_id,title\na,x\nb,y\na,z\n", "items.csv:4: item 'a' appears a second time, first on line 2; keep one row"},
      {"item_id,price\na,-1\n", "items.csv:2: the price is '-1', expected a number such as 12.50 or 12,50, or nothing"},
      {"item_id,price\na,1e400\n",
       "items.csv:2: the price is '1e400', expected a number such as 12.50 or 12,50, or nothing"},
      {"item_id,price\na,$5\n", "items.csv:2: the price is '$5', expected a number such as 12.50 or 12,50, or nothing"},
      {"item_id,title\na\n", "items.csv:2: the row has 1 fields, the header has 2"},
      {"item_id,title\na,\xFF\n",
       "items.csv:2: column 'title' is '\\xff', expected UTF-8 text; export it in UTF-8, or convert it: iconv -f "
       "WINDOWS-1252 -t UTF-8 (Latin-1 is the same for letters)"},
      {"item_id,title\nb,x\nnan,y\n,z\n", "items.csv:4: column 'item_id' is empty, expected an id"},
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

TEST_CASE("items that nobody has touched can follow the log's") {
  const auto log = read_text("user_id,item_id,timestamp\nu,b,1\n");
  REQUIRE(log.ok());
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "items.jsonl";
  REQUIRE(data::write_file_atomically(file, bytes_of("{\"item_id\":\"new\",\"title\":\"New\",\"price\":3}\n"
                                                     "{\"item_id\":\"b\"}\n{\"item_id\":9,\"price\":\"4.5\"}\n"))
              .ok());
  const auto all = data::make_catalogue(*log, file, data::UntouchedItems::include);
  REQUIRE(all.ok());
  CHECK(all->item_ids == Texts{"b", "new", "9"});
  CHECK(all->titles == Texts{"", "New", ""});
  REQUIRE(all->prices.size() == 3);
  CHECK(std::isnan(all->prices[0]));
  CHECK(all->prices[2] == 4.5);
  CHECK(all->categories.empty());

  const auto touched = data::make_catalogue(*log, file);
  REQUIRE(touched.ok());
  CHECK(touched->item_ids == Texts{"b"});

  const auto coverage = data::measure_coverage(*log, file);
  REQUIRE(coverage.ok());
  CHECK(coverage->file_items == 3);
  CHECK(coverage->described_items == 1);
  CHECK(coverage->titles == 0);
}

TEST_CASE("an items file has other names for its columns, another delimiter and decimal commas") {
  const auto log = read_text("user_id,item_id,timestamp\nu,b,1\nu,a,2\n");
  REQUIRE(log.ok());
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "products.csv";
  REQUIRE(data::write_file_atomically(file, bytes_of("product_id;name;kind;cost\na;Ant;x;1,5\nb;;y;2.25\n")).ok());
  const data::ItemsFile items(file, {.title = "name", .category = "kind", .price = "cost"});
  const auto catalogue = data::make_catalogue(*log, items);
  REQUIRE(catalogue.ok());
  CHECK(catalogue->titles == Texts{"", "Ant"});
  CHECK(catalogue->categories == Texts{"y", "x"});
  CHECK(catalogue->prices == std::vector<double>{2.25, 1.5});
  const auto coverage = data::measure_coverage(*log, items);
  REQUIRE(coverage.ok());
  CHECK(coverage->titles == 1);
  CHECK(coverage->categories == 2);
  CHECK(coverage->prices == 2);
  CHECK_FALSE(data::make_catalogue(*log, data::ItemsFile(file, {.id = "sku"})).ok());

  REQUIRE(data::write_file_atomically(file, bytes_of("item_id\nnan\n")).ok());
  const auto missing = data::make_catalogue(*log, file, data::UntouchedItems::include);
  REQUIRE_FALSE(missing.ok());
  CHECK(
      missing.error().detail.ends_with("products.csv:2: column 'item_id' is 'nan', which stands for a missing id; "
                                       "--items-literal-ids takes it as an id"));
  data::ItemsFile literal(file);
  literal.literal_ids = true;
  const auto taken = data::make_catalogue(*log, literal, data::UntouchedItems::include);
  REQUIRE(taken.ok());
  CHECK(taken->item_ids == Texts{"b", "a", "nan"});
}

TEST_CASE("items files as they come are read like logs") {
  const auto log = read_text("user_id,item_id,timestamp\nu,2,1\nu,1,2\n");
  REQUIRE(log.ok());
  const test::TemporaryFolder folder;
  struct File {
    std::string text;
    std::string says;
    data::ItemColumns columns = {};
  };
  const std::vector<File> files = {
      {"item_id,title,category,price\n1,Ant,x,1.5\n2,Bee,y,2\n", ""},
      {"item_id;title;category;price\n1;Ant;x;1,5\n2;Bee;y;2\n", "fields between semicolons"},
      {"sep=;\nitem_id;title;category;price\n1;Ant;x;1,5\n2;Bee;y;2\n", "fields between semicolons"},
      // RecBole's .item, and MovieLens' movies.dat.
      {"item_id:token\tmovie_title:token_seq\tgenre:token_seq\tprice:float\n1\tAnt\tx\t1.5\n2\tBee\ty\t2\n",
       "fields between tabs, title is 'movie_title', category is 'genre'"},
      {"1::Ant::x::1.5\n2::Bee::y::2\n",
       "fields between '::', no header row",
       {.id = "1", .title = "2", .category = "3", .price = "4"}},
      // Amazon's metadata, and a catalogue of nested objects.
      {"{\"asin\":\"1\",\"title\":\"Ant\",\"categories\":[\"x\"],\"price\":1.5}\n"
       "{\"asin\":\"2\",\"title\":\"Bee\",\"categories\":[\"y\"],\"price\":2}\n",
       "JSON Lines, item_id is 'asin', category is 'categories'"},
      {"[{\"sku\":1,\"text\":{\"name\":\"Ant\"},\"shots\":[{\"image\":\"1\"},{\"image\":\"2\"}],\"kind\":\"x\","
       "\"price\":\"1,5\"},\n"
       "{\"sku\":2,\"text\":{\"name\":\"Bee\"},\"kind\":\"y\",\"price\":\"NaN\"}]\n",
       "JSON objects, item_id is 'sku', title is 'text.name'",
       {.category = "kind"}},
      {std::string("\xEF\xBB\xBFitem_id,title,category,price\r\n1,Ant,x,1.5\r\n2,Bee,y,\r\n"), ""},
  };
  for (const File& row : files) {
    CAPTURE(row.text);
    const auto file = folder.path() / "items.csv";
    REQUIRE(data::write_file_atomically(file, bytes_of(row.text)).ok());
    const data::ItemsFile items(file, row.columns);
    const auto catalogue = data::make_catalogue(*log, items);
    INFO((catalogue.ok() ? std::string("read") : catalogue.error().detail));
    REQUIRE(catalogue.ok());
    CHECK(catalogue->titles == Texts{"Bee", "Ant"});
    CHECK(catalogue->categories == Texts{"y", "x"});
    CHECK(catalogue->prices.at(1) == 1.5);
    const auto looked = data::look_at_items(items);
    REQUIRE(looked.ok());
    CHECK(data::surprises_in_words(*looked) == row.says);
    const auto coverage = data::measure_coverage(*log, items);
    REQUIRE(coverage.ok());
    CHECK(data::surprises_in_words(coverage->file) == row.says);
    const auto texts = data::read_item_texts(*catalogue, items);
    REQUIRE(texts.ok());
    CHECK(texts->items[0].text == "Bee");
    CHECK(texts->items[0].category == "y");
  }
}

TEST_CASE("a column that is named must be in the items file") {
  const auto log = read_text("user_id,item_id,timestamp\nu,1,1\n");
  REQUIRE(log.ok());
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "items.csv";
  REQUIRE(data::write_file_atomically(file, bytes_of("item_id,name\n1,Ant\n")).ok());
  const auto wrong = data::make_catalogue(*log, data::ItemsFile(file, {.title = "titel"}));
  REQUIRE_FALSE(wrong.ok());
  CHECK(
      wrong.error().detail.ends_with("items.csv: no column 'titel'; the file has 'item_id', 'name': name the column "
                                     "to use with --title-column, or add a header row"));
  REQUIRE(data::write_file_atomically(file, bytes_of("1;Ant\n2;Bee\n")).ok());
  const auto bare = data::make_catalogue(*log, file);
  REQUIRE_FALSE(bare.ok());
  CHECK(
      bare.error().detail.ends_with("items.csv: no header row; the first row is '1', 'Ant': say in which column each "
                                    "is, counted from 1, such as --items-id-column 1"));
  // Files that are no tables are called what they are, as logs are.
  REQUIRE(data::write_file_atomically(file, bytes_of("PAR1....")).ok());
  CHECK(data::make_catalogue(*log, file).error().detail.find("this is a Parquet file") != std::string::npos);
}

TEST_CASE("items have texts to learn their meaning from") {
  const auto log = read_text("user_id,item_id,timestamp\nu,b,1\nu,a,2\nu,c,3\n");
  REQUIRE(log.ok());
  const auto catalogue = data::make_catalogue(*log, {});
  REQUIRE(catalogue.ok());
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "items.tsv";
  REQUIRE(data::write_file_atomically(file, bytes_of("item_id\ttitle\tcategory\tdescription\tblurb\n"
                                                     "a\tApple\tFruit\tred, round\tcrisp\nb\t\t\t\t\n"))
              .ok());
  const auto texts = data::read_item_texts(*catalogue, file);
  REQUIRE(texts.ok());
  REQUIRE(texts->items.size() == 3);
  CHECK(texts->items[0].empty());
  CHECK(texts->items[1].text == "Apple\nred, round");
  CHECK(texts->items[1].category == "Fruit");
  CHECK(texts->items[2].empty());
  CHECK(texts->described == 1);
  const auto blurbs = data::read_item_texts(*catalogue, file, "blurb");
  REQUIRE(blurbs.ok());
  CHECK(blurbs->items[1].text == "Apple\ncrisp");
  const auto missing = data::read_item_texts(*catalogue, file, "story");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == ErrorCode::missing);

  const std::string long_text = std::string(65'535, 'x') + "é";
  REQUIRE(data::write_file_atomically(file, bytes_of("item_id\tdescription\na\t" + long_text + "\n")).ok());
  const auto cut = data::read_item_texts(*catalogue, file);
  REQUIRE(cut.ok());
  CHECK(cut->items[1].text.size() == 65'535);
}
