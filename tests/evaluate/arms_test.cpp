#include <sotto/evaluate/arms.hpp>

#include "toy_log.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sotto;
using sotto::test::toy_log;
using Ids = std::vector<std::string>;

TEST_CASE("items of the catalogue that nobody touched become items of the log") {
  auto log = toy_log({"abc", "ba"});
  const Ids touched = log.item_ids;
  REQUIRE(touched.size() == 3);
  Catalogue catalogue;
  catalogue.item_ids = touched;
  catalogue.item_ids.insert(catalogue.item_ids.end(), {"x", "y"});
  const auto events = log.item;
  evaluate::add_untouched_items(catalogue, log);
  CHECK(log.item_ids == catalogue.item_ids);
  CHECK(log.item == events);
}

TEST_CASE("another catalogue than the log's changes nothing") {
  auto log = toy_log({"abc", "ba"});
  const Ids touched = log.item_ids;
  for (const Ids& ids : {Ids{"a"}, Ids{"x", "a", "b", "c"}, Ids{}}) {
    Catalogue catalogue;
    catalogue.item_ids = ids;
    evaluate::add_untouched_items(catalogue, log);
    CHECK(log.item_ids == touched);
  }
}
