#include <sotto/data/csv_reader.hpp>
#include <sotto/data/text.hpp>

#include "log_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sotto;
using sotto::test::bytes_of;

namespace {

struct Table {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint64_t> lines;
  std::string error;
};

Table read_all(std::string_view text) {
  const auto source = data::memory_source(bytes_of(text));
  data::CsvReader reader(*source, "t.csv");
  Table table;
  while (true) {
    auto row = reader.next_row();
    if (!row) {
      table.error = row.error().detail;
      return table;
    }
    if (row->empty()) return table;
    table.rows.emplace_back(row->begin(), row->end());
    table.lines.push_back(reader.line());
  }
}

using Rows = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("CSV after RFC 4180") {
  CHECK(read_all("").rows.empty());
  CHECK(read_all("\n\r\n\r").rows.empty());
  CHECK(read_all("a,b\n1,2\n").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(read_all("a,b\r\n1,2").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(read_all("a,b\r1,2\r").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(read_all("\xEF\xBB\xBF\"a\",b\n").rows == Rows{{"a", "b"}});
  CHECK(read_all("a,,\n,,\n").rows == Rows{{"a", "", ""}, {"", "", ""}});
  CHECK(read_all("\"a,\"\"b\"\"\",\"\"\n").rows == Rows{{"a,\"b\"", ""}});
  CHECK(read_all("12\" vinyl,x\n").rows == Rows{{"12\" vinyl", "x"}});
  CHECK(read_all("\"\"\n").rows == Rows{{""}});
}

TEST_CASE("lines are counted through quoted line breaks of every kind") {
  const Table table = read_all("a,b\n\"1\r\n2\r3\n4\",x\n\n5,6\n");
  CHECK(table.rows == Rows{{"a", "b"}, {"1\r\n2\r3\n4", "x"}, {"5", "6"}});
  CHECK(table.lines == std::vector<std::uint64_t>{1, 2, 7});
}

TEST_CASE("text that is no CSV is refused with its line") {
  CHECK(read_all("a\n\"x\ny").error ==
        "t.csv:2: the quoted field that begins here is never closed; add the closing quote");
  CHECK(read_all("a\n\"x\" y\n").error ==
        "t.csv:2: text follows a closing quote; double the quotes inside a quoted field");
  CHECK(read_all(std::string("a\nx\0y\n", 6)).error ==
        "t.csv:2: a NUL byte; this is not UTF-8 text, export the log as CSV in UTF-8");
  const std::string longest(data::csv_max_field_bytes, 'x');
  CHECK(read_all("a\n" + longest + "\n").rows.size() == 2);
  CHECK(read_all("a\n" + longest + "x\n").error ==
        "t.csv:2: a field longer than 1 MiB begins here; is a closing quote missing?");
  CHECK(read_all(std::string(data::csv_max_columns - 1, ',')).rows.front().size() == data::csv_max_columns);
  CHECK(read_all(std::string(data::csv_max_columns, ',')).error == "t.csv:1: more than 4096 columns");
}

TEST_CASE("UTF-8 is recognised after the Unicode standard") {
  for (const std::string_view good :
       {"", "plain", "é", "€", "😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"}) {
    CAPTURE(good);
    CHECK(data::is_utf8(good));
  }
  for (const std::string_view bad : {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xE2\x82",
                                     "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    CAPTURE(data::in_quotes(bad));
    CHECK_FALSE(data::is_utf8(bad));
  }
  CHECK(data::in_quotes("a\n\xE9") == "'a\\x0a\\xe9'");
  CHECK(data::in_quotes(std::string(200, 'x')) == "'" + std::string(59, 'x') + "…'");
}
