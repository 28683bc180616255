#include <sotto/data/table_reader.hpp>

#include "log_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sotto;
using sotto::test::bytes_of;
using sotto::test::read_text;

namespace {

struct Lines {
  std::vector<std::vector<std::string>> values;
  std::vector<std::string> refusals;
};

Lines read_lines(std::string_view text) {
  auto table = data::open_table(data::memory_source(bytes_of(text)), "t", {.format = data::TableFormat::jsonl},
                                {{"a", true}, {"b", false}});
  REQUIRE(table.ok());
  Lines lines;
  while (true) {
    auto state = (*table)->next();
    REQUIRE(state.ok());
    if (*state == data::RowState::end) return lines;
    if (*state == data::RowState::refused)
      lines.refusals.push_back(std::to_string((*table)->line()) + ": " + (*table)->refusal());
    else
      lines.values.emplace_back((*table)->values().begin(), (*table)->values().end());
  }
}

using Values = std::vector<std::vector<std::string>>;
using Refusals = std::vector<std::string>;

}  // namespace

TEST_CASE("the fields at the top of each line's object are the columns") {
  const Lines lines = read_lines(
      "{\"a\":\"x\",\"b\":1}\n\n  {\"b\":-2.50,\"c\":{\"a\":\"inner\",\"b\":[true]},\"a\":18446744073709551615}\r\n"
      "{\"a\":null}\n{}\n{\"a\":\"\\u00e9\\n\",\"b\":[\"p\",\"q\"]}");
  CHECK(lines.refusals.empty());
  CHECK(lines.values == Values{{"x", "1"}, {"18446744073709551615", "-2.50"}, {"", ""}, {"", ""}, {"é\n", "p, q"}});
}

TEST_CASE("lines that are no such objects are refused with their numbers") {
  const Lines lines = read_lines(
      "{\"a\":1}\n[1]\n7\n{\"a\":true}\n{\"b\":{\"x\":1}}\n{\"a\":1\n{\"a\":1} {}\n\"\xFF\"\n{\"other\":false}\n");
  REQUIRE(lines.refusals.size() == 7);
  CHECK(lines.refusals[0] == "2: the line is JSON but no object; write one JSON object on each line");
  CHECK(lines.refusals[1] == "3: the line is JSON but no object; write one JSON object on each line");
  CHECK(lines.refusals[2] == "4: column 'a' is true, expected text, a number or null");
  CHECK(lines.refusals[3] == "5: column 'b' is an object, expected text, a number or null");
  CHECK(lines.refusals[4].find("6: column 7 of the line: no JSON at ") == 0);
  CHECK(lines.refusals[5].find("7: column ") == 0);
  CHECK(lines.refusals[6].find("8: column ") == 0);
  CHECK(lines.values == Values{{"1", ""}, {"", ""}});
}

TEST_CASE("a log is read from JSON Lines, ids and times as text or numbers") {
  data::ReadReport report;
  const auto log = read_text(
      "{\"user_id\":7,\"item_id\":\"x\",\"timestamp\":\"2024-05-31T12:00:00Z\"}\n"
      "{\"user_id\":\"7\",\"item_id\":3.0,\"timestamp\":1717156801250}\n"
      "{\"user_id\":7,\"timestamp\":1}\n"
      "{\"user_id\":7,\"item_id\":\"x\",\"timestamp\":null}\n",
      {}, &report);
  REQUIRE(log.ok());
  CHECK(log->users() == 1);
  CHECK(log->item_ids == std::vector<std::string>{"x", "3.0"});
  CHECK(log->timestamp == std::vector<std::int64_t>{1717156800, 1717156801});
  REQUIRE(report.refused.size() == 2);
  CHECK(report.refused[0].first == "log.csv:3: column 'item_id' is empty, expected an id");
  CHECK(report.refused[1].first.find("log.csv:4: column 'timestamp' is '', expected seconds") == 0);
}

TEST_CASE("the format is told from the beginning of the text, and a name may agree") {
  using data::TableFormat;
  CHECK(data::format_of_file_name("a/log.csv") == TableFormat::csv);
  CHECK(data::format_of_file_name("log.tsv.gz") == TableFormat::tsv);
  CHECK(data::format_of_file_name("log.tab") == TableFormat::tsv);
  CHECK(data::format_of_file_name("log.jsonl.zst") == TableFormat::jsonl);
  CHECK(data::format_of_file_name("log.ndjson.zstd") == TableFormat::jsonl);
  CHECK(data::format_of_file_name("log.json.gz") == TableFormat::json);
  CHECK_FALSE(data::format_of_file_name("log.txt.gz"));
  CHECK_FALSE(data::format_of_file_name("-"));

  CHECK(read_text("\xEF\xBB\xBFuser_id\titem_id\ttimestamp\nu\tx,y\t1\n").ok());
  CHECK(read_text("\n {\"user_id\":1,\"item_id\":2,\"timestamp\":3}").ok());
  // Named formats are not doubted.
  CHECK_FALSE(read_text("user_id\titem_id\ttimestamp\nu\tx\t1\n", {.table = {.format = TableFormat::csv}}).ok());
}
