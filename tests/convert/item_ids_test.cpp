// The vocabulary that goes with an imported model.
#include "../data/temporary_folder.hpp"
#include "fixtures.hpp"

#include <sotto/convert/import.hpp>
#include <sotto/convert/item_ids.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>
#include <string>
#include <vector>

using namespace sotto;
using Catch::Matchers::ContainsSubstring;

namespace {

Result<std::vector<std::string>> read(const std::string& text) {
  const test::TemporaryFolder folder;
  std::ofstream(folder.path() / "ids", std::ios::binary) << text;
  data::RoundedIds rounded;
  return convert::read_item_ids(folder.path() / "ids", rounded);
}

convert::ImportedModel import(const char* name) {
  auto file = convert::import_file(test::fixture(name), {});
  REQUIRE(file.ok());
  return std::move(file->imported);
}

std::vector<std::string> ids(std::size_t count) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back("item " + std::to_string(i));
  return result;
}

}  // namespace

TEST_CASE("item ids come one per line or from the column item_id") {
  CHECK(read("a\nb\n\nc").value() == std::vector<std::string>{"a", "b", "c"});
  CHECK(read("title,item_id\nTea,\"a,1\"\nCup,b\n").value() == std::vector<std::string>{"a,1", "b"});
  CHECK(read("item_id\na\n").value() == std::vector<std::string>{"a"});
  CHECK(read("").value().empty());
  CHECK_THAT(read("a,b\n").error().detail, ContainsSubstring(":1: 2 columns and none called 'item_id'"));
  CHECK_THAT(read("x,item_id\na\n").error().detail, ContainsSubstring(":2: the row has 1 fields, the first has 2"));
  CHECK_THAT(read("\xFF\n").error().detail, ContainsSubstring("expected UTF-8"));
  data::RoundedIds rounded;
  CHECK_FALSE(convert::read_item_ids("no-such-file", rounded).ok());
}

TEST_CASE("item ids are as many as items, unique and not empty") {
  auto imported = import("keras/softmax.keras");
  CHECK(convert::name_items(imported, ids(20)).ok());
  CHECK(imported.model.info.catalogue.item_ids[19] == "item 19");
  CHECK_THAT(convert::name_items(imported, ids(21)).error().detail, ContainsSubstring("21 ids for 20 items"));
  auto twice = ids(20);
  twice[7] = twice[3];
  CHECK_THAT(convert::name_items(imported, twice).error().detail, ContainsSubstring("ids 4 and 8 are both 'item 3'"));
  auto empty = ids(20);
  empty[2].clear();
  CHECK_THAT(convert::name_items(imported, empty).error().detail, ContainsSubstring("id 3 is empty"));
}

TEST_CASE("a list of ids may have one for padding") {
  auto imported = import("keras/masked.keras");
  CHECK(convert::name_items(imported, ids(20)).ok());
  CHECK(imported.model.info.catalogue.item_ids.front() == "item 1");
  CHECK(convert::name_items(imported, ids(19)).ok());
  CHECK(imported.model.info.catalogue.item_ids.front() == "item 0");
  CHECK_FALSE(convert::name_items(imported, ids(18)).ok());
}
