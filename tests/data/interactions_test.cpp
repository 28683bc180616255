#include <sotto/data/files.hpp>
#include <sotto/data/read_interactions.hpp>

#include "compressed_text.hpp"
#include "log_text.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <string>
#include <vector>

using namespace sotto;
using sotto::test::read_text;

namespace {

const std::string header = "user_id,item_id,timestamp\n";

std::vector<std::string> users_of(const data::Interactions& log) {
  std::vector<std::string> ids;
  for (std::size_t user = 0; user < log.users(); ++user) ids.emplace_back(log.user_ids[user]);
  return ids;
}

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
  CHECK(users_of(*log) == Ids{"u", "v"});
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
  CHECK(users_of(*log) == Ids{"s"});
  CHECK(log->item_ids == Ids{"x"});
}

TEST_CASE("ids keep their text") {
  const auto log = read_text(header + "007,\"a \"\"b\"\"\nc\",1\n 7, é,2\n");
  REQUIRE(log.ok());
  CHECK(users_of(*log) == Ids{"007", " 7"});
  CHECK(log->item_ids == Ids{"a \"b\"\nc", " é"});
}

TEST_CASE("strictly read, bad logs are refused with file, line, value, rule and advice") {
  struct Row {
    std::string text;
    std::string error;
  };
  const std::string advice = "; correct the row, or read without 'strict' to leave it out";
  const std::string timestamp_rule =
      ", expected seconds, milliseconds, microseconds or nanoseconds since 1970, or ISO 8601 such as "
      "2024-05-31T12:00:00Z";
  const std::vector<Row> rows = {
      {"", "log.csv: the file is empty; expected a header row with the columns' names"},
      {header, "log.csv: there are no interactions in it"},
      {"user_id,thing,timestamp\nu,x,1\n",
       "log.csv: no column 'item_id'; the file has 'user_id', 'thing', 'timestamp': name the column to use with "
       "--item-column, or add a header row"},
      {"user_id,item_id,timestamp,user_id\n", "log.csv:1: there are two columns 'user_id'; rename or remove one"},
      {"user_id,\xE9,timestamp\n",
       "log.csv:1: the header is not UTF-8 text; export it in UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8 "
       "(Latin-1 is the same for letters)"},
      {header + "u,x,1\nu,y,yesterday\n", "log.csv:3: column 'timestamp' is 'yesterday'" + timestamp_rule + advice},
      {header + "u,x,\n", "log.csv:2: column 'timestamp' is ''" + timestamp_rule + advice},
      {header + "\n\nu,x\n", "log.csv:4: the row has 2 fields, the header has 3" + advice},
      {header + "u,x,1,2\n", "log.csv:2: the row has 4 fields, the header has 3" + advice},
      {header + ",x,1\n", "log.csv:2: column 'user_id' is empty, expected an id" + advice},
      {header + "u,,1\n", "log.csv:2: column 'item_id' is empty, expected an id" + advice},
      {header + "u,\xE9t\xE9,1\n",
       "log.csv:2: column 'item_id' is '\\xe9t\\xe9', expected UTF-8 text; export it in UTF-8, or convert it: iconv -f "
       "WINDOWS-1252 -t UTF-8 (Latin-1 is the same for letters)" +
           advice},
      {header + "u," + std::string(1025, 'x') + ",1\n",
       "log.csv:2: column 'item_id' is '" + std::string(59, 'x') +
           "…', expected an id of at most 1024 bytes, this one has 1025" + advice},
  };
  for (const auto& [text, error] : rows) {
    CAPTURE(text);
    const auto log = read_text(text, {.strict = true});
    REQUIRE_FALSE(log.ok());
    CHECK(log.error().detail == error);
  }
  CHECK(read_text(header + "u," + std::string(1024, 'x') + ",1\n").ok());
}

TEST_CASE("bad rows are left out and reported by the rule they break") {
  data::ReadReport report;
  const auto log = read_text(header + "u,x,1\nu,x\nu,y,never\nu,z,2\n,y,3\nu,y,soon\nu,\"y\" y,4\n", {}, &report);
  REQUIRE(log.ok());
  CHECK(items_of(*log, 0) == Ids{"x", "z"});
  CHECK(log->item_ids == Ids{"x", "z"});
  CHECK(report.rows == 7);
  CHECK(report.rows_refused == 5);
  REQUIRE(report.refused.size() == 3);
  CHECK(report.refused[0].rule == data::RowRule::format);
  CHECK(report.refused[0].rows == 2);
  CHECK(report.refused[0].first == "log.csv:3: the row has 2 fields, the header has 3");
  CHECK(report.refused[1].rule == data::RowRule::timestamp);
  CHECK(report.refused[1].rows == 2);
  CHECK(report.refused[1].first.find("log.csv:4: column 'timestamp' is 'never', expected seconds") == 0);
  CHECK(report.refused[2].rule == data::RowRule::user_id);
  CHECK(report.refused[2].first == "log.csv:6: column 'user_id' is empty, expected an id");

  const auto none = read_text(header + "u,x\n");
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().detail ==
        "log.csv: none of the 1 rows is usable; the first: log.csv:2: the row has 2 fields, the header has 3");
}

TEST_CASE("a bad row in the middle of very many is named by its line") {
  std::string text = header;
  for (int i = 0; i < 300'000; ++i) text += "u" + std::to_string(i % 1000) + ",x," + std::to_string(i) + "\n";
  text += "u1,x,1e5\n";
  for (int i = 0; i < 300'000; ++i) text += "u" + std::to_string(i % 1000) + ",y," + std::to_string(i) + "\n";
  data::ReadReport report;
  const auto log = read_text(text, {}, &report);
  REQUIRE(log.ok());
  CHECK(log->events() == 600'000);
  CHECK(report.rows_refused == 1);
  CHECK(report.refused.front().first.find("log.csv:300002: column 'timestamp' is '1e5', expected ") == 0);
}

TEST_CASE("how often a user's time goes backwards is counted in the order of the file") {
  data::ReadReport report;
  REQUIRE(read_text(header + "u,a,5\nv,a,9\nu,b,4\nu,c,4\nu,d,3\nv,b,10\n", {}, &report).ok());
  CHECK(report.events_backwards == 2);
  CHECK(report.users_backwards == 1);
}

TEST_CASE("event types weigh, weight 0 leaves out, unknown types are refused") {
  const std::string text =
      "user_id,item_id,timestamp,event\nu,a,3,VIEW\nu,b,1,purchase\nu,c,2,hover\nv,d,1,view\nu,e,4,cart\n";
  data::ReadReport report;
  const auto built_in = read_text(text, {.event_column = "event"}, &report);
  REQUIRE(built_in.ok());
  CHECK(items_of(*built_in, 0) == Ids{"b", "a", "e"});
  CHECK(built_in->weight == std::vector<float>{5, 1, 3, 1});
  REQUIRE(report.refused.size() == 1);
  CHECK(report.refused[0].rule == data::RowRule::event_type);
  CHECK(report.refused[0].first.find("log.csv:4: column 'event' is 'hover', an event type without a weight; there are "
                                     "view=1, click=1, ") == 0);

  const auto weights = data::EventWeights::parse("view=0,purchase=2.5,*=1");
  REQUIRE(weights.ok());
  const auto chosen = read_text(text, {.event_column = "event", .event_weights = *weights}, &report);
  REQUIRE(chosen.ok());
  CHECK(chosen->weight == std::vector<float>{2.5, 1, 1});
  CHECK(users_of(*chosen) == Ids{"u"});
  CHECK(chosen->item_ids == Ids{"b", "c", "e"});
  CHECK(report.rows_without_weight == 2);
  CHECK(report.rows_refused == 0);

  const auto all_one = data::EventWeights::parse("*=1");
  REQUIRE(all_one.ok());
  const auto even = read_text(text, {.event_column = "event", .event_weights = *all_one});
  REQUIRE(even.ok());
  CHECK(even->weight.empty());

  for (const char* bad : {"", "view", "view=", "=1", "view=-1", "view=1,view=2", "*=1,*=1", "view=1,", "view=nan",
                          "view=1001", "view=0x1"}) {
    CAPTURE(bad);
    CHECK_FALSE(data::EventWeights::parse(bad).ok());
  }
}

TEST_CASE("ratings below the least are left out, what is no number is refused") {
  const std::string text = "user_id,item_id,timestamp,stars\nu,a,1,4.5\nu,b,2,3\nu,c,3,\nu,d,4,inf\nu,e,5,\"4,0\"\n";
  data::ReadReport report;
  const auto log = read_text(text, {.rating_column = "stars", .min_rating = 4}, &report);
  REQUIRE(log.ok());
  CHECK(items_of(*log, 0) == Ids{"a", "e"});
  CHECK(report.rows_rated_low == 1);
  CHECK(report.rows_refused == 2);
  CHECK(report.refused.front().first == "log.csv:4: column 'stars' is '', expected a number such as 4 or 3.5");
}

TEST_CASE("sessions that the log names come one after the other, in the order of their beginnings") {
  const auto log =
      read_text("user_id,item_id,timestamp,visit\nu,a,5,s2\nu,b,1,s1\nu,c,6,s1\nu,d,7,s2\nv,e,1,s1\nu,f,0,s3\n",
                {.session_column = "visit"});
  REQUIRE(log.ok());
  CHECK(items_of(*log, 0) == Ids{"f", "b", "c", "a", "d"});
  CHECK(log->begins_session == std::vector<bool>{true, true, false, true, false, true});
}

TEST_CASE("several files are one log, whatever their formats") {
  const test::TemporaryFolder folder;
  const auto a = folder.path() / "a.csv";
  const auto b = folder.path() / "b.tsv.zst";
  const auto c = folder.path() / "c.ndjson.gz";
  REQUIRE(data::write_file_atomically(a, test::bytes_of(header + "u,x,3\n")).ok());
  REQUIRE(data::write_file_atomically(b, test::bytes_of(test::zstd("timestamp\titem_id\tuser_id\n1\ty\tu\n\n"))).ok());
  const std::string jsonl = "{\"user_id\":\"v\",\"item_id\":7,\"timestamp\":2}\n";
  REQUIRE(data::write_file_atomically(c, test::bytes_of(test::gzip(jsonl + "{\"user_id\":1}"))).ok());
  data::ReadReport report;
  const auto log = data::read_interactions({a, b, c}, {}, report);
  REQUIRE(log.ok());
  CHECK(users_of(*log) == Ids{"u", "v"});
  CHECK(items_of(*log, 0) == Ids{"y", "x"});
  CHECK(items_of(*log, 1) == Ids{"7"});
  CHECK(report.rows == 4);
  REQUIRE(report.refused.size() == 1);
  CHECK(report.refused[0].first == c.string() + ":2: column 'item_id' is empty, expected an id");
}

TEST_CASE("reading tells how far it is and can be stopped") {
  const test::TemporaryFolder folder;
  std::string text = header;
  for (int i = 0; i < 200'000; ++i) text += "u,x," + std::to_string(i) + "\n";
  const auto file = folder.path() / "log.csv";
  REQUIRE(data::write_file_atomically(file, test::bytes_of(text)).ok());
  data::ReadReport report;
  std::vector<data::ReadProgress> seen;
  std::atomic<bool> stop = false;
  const data::ReadHooks hooks = {.on_progress = [&](const data::ReadProgress& p) { seen.push_back(p); }, .stop = &stop};
  REQUIRE(data::read_interactions({file}, {}, report, hooks).ok());
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].rows == 65536);
  CHECK(seen[2].total_bytes == text.size());
  CHECK((seen[0].bytes > 0 && seen[0].bytes <= seen[2].bytes && seen[2].bytes <= text.size()));
  stop = true;
  CHECK(data::read_interactions({file}, {}, report, hooks).error().code == ErrorCode::interrupted);
}

TEST_CASE("a file that is not there") {
  data::ReadReport report;
  const auto log = data::read_interactions({"no/such/log.csv"}, {}, report);
  REQUIRE_FALSE(log.ok());
  CHECK(log.error().code == ErrorCode::io);
  CHECK(log.error().detail == "no/such/log.csv: cannot open: No such file or directory");
}

TEST_CASE("ids that stand for missing ones are left out, unless they are said to be ids") {
  const std::string text = header + "u,NA,1\nu,a,2\nnull,a,3\n";
  data::ReadReport report;
  const auto without = read_text(text, {}, &report);
  REQUIRE(without.ok());
  CHECK(without->events() == 1);
  CHECK(report.missing_ids == 2);
  CHECK(
      report.refused.front().first.find("column 'item_id' is 'NA', which stands for a missing id; --literal-ids takes "
                                        "it as an id") != std::string::npos);
  data::ReadOptions options;
  options.literal_ids = true;
  const auto literal = read_text(text, options, &report);
  REQUIRE(literal.ok());
  CHECK(literal->item_ids == Ids{"NA", "a"});
  CHECK(users_of(*literal) == Ids{"u", "null"});
  CHECK(report.missing_ids == 0);
}

TEST_CASE("the order fingerprint of a log does not depend on its times, and depends on its order") {
  const auto log = read_text(header + "u,a,1\nu,b,2\nv,a,3\n");
  const auto shifted = read_text(header + "v,a,1000\nu,a,1001\nu,b,1500\n");
  const auto other = read_text(header + "u,b,1\nu,a,2\nv,a,3\n");
  REQUIRE((log.ok() && shifted.ok() && other.ok()));
  CHECK(data::identify(*log).order_fingerprint == data::identify(*shifted).order_fingerprint);
  CHECK(data::identify(*log).fingerprint != data::identify(*shifted).fingerprint);
  CHECK(data::identify(*log).order_fingerprint != data::identify(*other).order_fingerprint);
}
