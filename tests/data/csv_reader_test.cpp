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
  std::vector<std::string> refusals;
  std::string error;
};

Table read_all(std::string_view text, char delimiter = ',') {
  data::CsvReader reader(data::memory_source(bytes_of(text)), "t.csv", delimiter);
  Table table;
  while (true) {
    auto row = reader.next();
    if (!row) {
      table.error = row.error().detail;
      return table;
    }
    if (*row == data::RowState::end) return table;
    if (*row == data::RowState::refused) {
      table.refusals.push_back(std::to_string(reader.line()) + ": " + reader.refusal());
      continue;
    }
    table.rows.emplace_back(reader.fields().begin(), reader.fields().end());
    table.lines.push_back(reader.line());
  }
}

using Rows = std::vector<std::vector<std::string>>;
using Refusals = std::vector<std::string>;

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

TEST_CASE("tabs instead of commas") {
  CHECK(read_all("a\tb,c\n\"1\t2\"\t\n", '\t').rows == Rows{{"a", "b,c"}, {"1\t2", ""}});
}

TEST_CASE("a row that is no CSV is refused with its line, and reading goes on with the next") {
  const Table never_closed = read_all("a\n\"x\ny\nz\n");
  CHECK(never_closed.refusals ==
        Refusals{"2: the quoted field that begins here is never closed; add the closing quote"});
  CHECK(never_closed.rows == Rows{{"a"}, {"y"}, {"z"}});
  CHECK(never_closed.lines == std::vector<std::uint64_t>{1, 3, 4});

  const Table text_after = read_all("a\n\"x\" y\nz\n");
  CHECK(text_after.refusals == Refusals{"2: text follows a closing quote; double the quotes inside a quoted field"});
  CHECK(text_after.rows == Rows{{"a"}, {"z"}});

  const std::string longest(data::csv_max_field_bytes, 'x');
  CHECK(read_all("a\n" + longest + "\n").rows.size() == 2);
  const Table too_long = read_all("a\n" + longest + "x\nb\n");
  CHECK(too_long.refusals == Refusals{"2: a field longer than 1 MiB begins here; is a closing quote missing?"});
  CHECK(too_long.rows == Rows{{"a"}, {"b"}});
  CHECK(read_all("a\n\"" + longest + "\nx").refusals ==
        Refusals{"2: a field longer than 1 MiB begins here; is a closing quote missing?"});

  CHECK(read_all(std::string(data::csv_max_columns - 1, ',')).rows.front().size() == data::csv_max_columns);
  CHECK(read_all(std::string(data::csv_max_columns, ',')).error == "t.csv:1: more than 4096 columns");
}

TEST_CASE("a row is the same wherever the buffer's edge falls") {
  // The buffer takes 256 KiB at a time.
  for (const std::size_t filler : {262'130U, 262'135U, 262'138U, 262'139U, 262'140U, 262'141U, 262'142U, 262'144U}) {
    CAPTURE(filler);
    const std::string text = std::string(filler, 'f') + "\r\n\"a\"\"b\",\"c\r\nd\"\r\n\r\n1,2\r\n";
    const Table table = read_all(text);
    CHECK(table.refusals.empty());
    CHECK(table.rows == Rows{{std::string(filler, 'f')}, {"a\"b", "c\r\nd"}, {"1", "2"}});
    CHECK(table.lines == std::vector<std::uint64_t>{1, 2, 5});
  }
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
