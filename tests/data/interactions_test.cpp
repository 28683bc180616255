#include <sotto/data/interactions.hpp>

#include "log_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sotto;
using sotto::test::read_text;

namespace {

const std::string header = "user_id,item_id,timestamp\n";

std::vector<std::string> items_of(const data::Interactions& log, std::size_t user) {
  std::vector<std::string> ids;
  for (const ItemIndex item : log.items_of(user)) ids.push_back(log.item_ids[item]);
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("events are grouped by user and ordered by time, ties in the order of the file") {
  const auto log = read_text(header + "u,c,5\nv,a,1\nu,b,3\nu,a,5\nu,d,3\nv,a,1\n");
  REQUIRE(log.ok());
  CHECK(log->user_ids == Ids{"u", "v"});
  CHECK(log->item_ids == Ids{"c", "a", "b", "d"});
  CHECK(items_of(*log, 0) == Ids{"b", "d", "c", "a"});
  CHECK(items_of(*log, 1) == Ids{"a", "a"});
  CHECK(log->timestamp == std::vector<std::int64_t>{3, 3, 5, 5, 1, 1});
}

TEST_CASE("times order events to the millisecond and are kept in whole seconds") {
  const auto log = read_text(header + "u,b,1.9\nu,a,1.2\nu,c,-0.5\n");
  REQUIRE(log.ok());
  CHECK(items_of(*log, 0) == Ids{"c", "a", "b"});
  CHECK(log->timestamp == std::vector<std::int64_t>{-1, 1, 1});
}

TEST_CASE("columns are found by name, also under other names") {
  data::ReadOptions options{.user_column = "session", .item_column = "sku", .timestamp_column = "when"};
  const auto log = read_text("sku,price,when,session\nx,\"1,5\",2024-05-31,s\n", options);
  REQUIRE(log.ok());
  CHECK(log->user_ids == Ids{"s"});
  CHECK(log->item_ids == Ids{"x"});
}

TEST_CASE("ids keep their text") {
  const auto log = read_text(header + "007,\"a \"\"b\"\"\nc\",1\n 7, é,2\n");
  REQUIRE(log.ok());
  CHECK(log->user_ids == Ids{"007", " 7"});
  CHECK(log->item_ids == Ids{"a \"b\"\nc", " é"});
}

TEST_CASE("bad logs are refused with file, line, value, rule and advice") {
  struct Row {
    std::string text;
    std::string error;
  };
  const std::string advice = "; correct the row, or have bad rows skipped";
  const std::string timestamp_rule =
      ", expected seconds since 1970 (whole or decimal), milliseconds since 1970, or ISO 8601 such as "
      "2024-05-31T12:00:00Z";
  const std::vector<Row> rows = {
      {"", "log.csv: the file is empty; expected a header row with the columns' names"},
      {header, "log.csv: a header row but no interactions after it"},
      {"user_id,item,timestamp\nu,x,1\n",
       "log.csv: no column 'item_id'; the file has 'user_id', 'item', 'timestamp': name the column to use, or add a "
       "header row"},
      {"user_id,item_id,timestamp,user_id\n", "log.csv:1: there are two columns 'user_id'; rename or remove one"},
      {"user_id,\xE9,timestamp\n", "log.csv:1: the header is not UTF-8 text; export the log as CSV in UTF-8"},
      {header + "u,x,1\nu,y,yesterday\n", "log.csv:3: column 'timestamp' is 'yesterday'" + timestamp_rule + advice},
      {header + "u,x,\n", "log.csv:2: column 'timestamp' is ''" + timestamp_rule + advice},
      {header + "\n\nu,x\n", "log.csv:4: the row has 2 fields, the header has 3" + advice},
      {header + "u,x,1,2\n", "log.csv:2: the row has 4 fields, the header has 3" + advice},
      {header + ",x,1\n", "log.csv:2: column 'user_id' is empty, expected an id" + advice},
      {header + "u,,1\n", "log.csv:2: column 'item_id' is empty, expected an id" + advice},
      {header + "u,\xE9t\xE9,1\n", "log.csv:2: column 'item_id' is '\\xe9t\\xe9', expected UTF-8 text" + advice},
      {header + "u," + std::string(1025, 'x') + ",1\n",
       "log.csv:2: column 'item_id' is '" + std::string(59, 'x') +
           "…', expected an id of at most 1024 bytes, this one has 1025" + advice},
  };
  for (const auto& [text, error] : rows) {
    CAPTURE(text);
    const auto log = read_text(text);
    REQUIRE_FALSE(log.ok());
    CHECK(log.error().detail == error);
  }
  CHECK(read_text(header + "u," + std::string(1024, 'x') + ",1\n").ok());
}

TEST_CASE("bad rows can be left out and are reported") {
  data::ReadReport report;
  const data::ReadOptions options{.bad_rows = data::BadRows::skip};
  const auto log = read_text(header + "u,x,1\nu,x\nu,y,never\nu,z,2\n", options, &report);
  REQUIRE(log.ok());
  CHECK(items_of(*log, 0) == Ids{"x", "z"});
  CHECK(report.rows == 4);
  CHECK(report.rows_refused == 2);
  CHECK(report.first_refusal == "log.csv:3: the row has 2 fields, the header has 3");

  const auto none = read_text(header + "u,x\n", options);
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().detail ==
        "log.csv: none of the 1 rows is usable; the first: log.csv:2: the row has 2 fields, the header has 3");
}

TEST_CASE("a file that is not there") {
  data::ReadReport report;
  const auto log = data::read_interactions("no/such/log.csv", {}, report);
  REQUIRE_FALSE(log.ok());
  CHECK(log.error().code == ErrorCode::io);
  CHECK(log.error().detail == "no/such/log.csv: cannot open: No such file or directory");
}
