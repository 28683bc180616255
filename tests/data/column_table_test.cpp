#include <sotto/data/column_table.hpp>
#include <sotto/data/read_interactions.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cmath>
#include <limits>

using namespace sotto;
using namespace sotto::data;

namespace {

std::vector<std::vector<std::string>> rows_of(std::span<const NamedColumn> table,
                                              const std::vector<WantedColumn>& wanted) {
  auto reader = open_columns(table, "frame", wanted);
  REQUIRE(reader);
  std::vector<std::vector<std::string>> rows;
  while (true) {
    const auto state = (*reader)->next();
    REQUIRE(state);
    if (*state == RowState::end) return rows;
    const auto values = (*reader)->values();
    rows.emplace_back(values.begin(), values.end());
    CHECK((*reader)->line() == rows.size());
  }
}

}  // namespace

TEST_CASE("a table of columns reads as rows of text") {
  const std::array<std::int32_t, 3> places{1, missing_text, 0};
  const std::array<std::int64_t, 3> integers{-7, missing_integer, std::numeric_limits<std::int64_t>::max()};
  const std::array<double, 3> reals{0.5, std::nan(""), 1.7e9};
  const std::array<std::int64_t, 3> moments{-1500, missing_integer, 1'700'000'000'250};
  const std::vector<NamedColumn> table = {{"text", TextValues{{"a", "b, \"c\""}, places}},
                                          {"integer", IntegerValues{integers}},
                                          {"real", RealValues{reals}},
                                          {"moment", MomentValues{moments}}};
  CHECK(rows_of(table, {{"moment"}, {"real"}, {"absent"}, {"integer"}, {"text"}}) ==
        std::vector<std::vector<std::string>>{{"-1.500", "0.5", "", "-7", "b, \"c\""},
                                              {"", "", "", "", ""},
                                              {"1700000000.250", "1700000000", "", "9223372036854775807", "a"}});
}

TEST_CASE("a table of columns that do not belong together is refused") {
  const std::array<std::int32_t, 2> places{0, 1};
  const std::array<std::int64_t, 3> integers{1, 2, 3};
  const auto refusal = [](std::vector<NamedColumn> table, std::vector<WantedColumn> wanted) {
    const auto reader = open_columns(table, "frame", wanted);
    REQUIRE_FALSE(reader);
    return reader.error();
  };
  const NamedColumn text{"text", TextValues{{"a"}, places}};
  CHECK(refusal({text}, {}).code == ErrorCode::out_of_range);
  CHECK(refusal({text}, {}).detail == "frame: column 'text' refers to its text 1, and it has 1");
  const std::array<std::int32_t, 1> below{-2};
  CHECK(refusal({{"text", TextValues{{"a"}, below}}}, {}).code == ErrorCode::out_of_range);
  CHECK(refusal({{"a", IntegerValues{integers}}, {"b", IntegerValues{std::span(integers).first(2)}}}, {}).code ==
        ErrorCode::wrong_shape);
  const Error missing = refusal({{"a", IntegerValues{integers}}}, {{"b", true}});
  CHECK(missing.code == ErrorCode::missing);
  CHECK(missing.detail == "frame: no column 'b'; there are 'a': name the column to use");
}

TEST_CASE("columns and a file of the same log give the same interactions") {
  const std::string text = "user_id,item_id,timestamp\nu,x,20\n7,y,10.25\nu,,30\nu,y,15\n";
  const std::array<std::int32_t, 4> users{1, 0, 1, 1};
  const std::array<std::int32_t, 4> items{1, 0, missing_text, 0};
  const std::array<std::int64_t, 4> times{20'000, 10'250, 30'000, 15'000};
  const std::vector<NamedColumn> table = {{"timestamp", MomentValues{times}},
                                          {"item_id", TextValues{{"y", "x"}, items}},
                                          {"user_id", TextValues{{"7", "u"}, users}}};
  ReadReport of_file;
  const auto from_file = parse_interactions(memory_source(std::as_bytes(std::span(text))), "log", {}, of_file);
  ReadReport of_columns;
  const auto from_columns = read_interactions(table, "log", {}, of_columns);
  REQUIRE(from_file);
  REQUIRE(from_columns);
  CHECK(identify(*from_columns).fingerprint == identify(*from_file).fingerprint);
  CHECK(from_columns->item_ids == from_file->item_ids);
  CHECK(of_columns.rows == 4);
  REQUIRE(of_columns.refused.size() == 1);
  CHECK(of_columns.refused[0].first == "log:3: column 'item_id' is empty, expected an id");
  CHECK(of_columns.events_backwards == of_file.events_backwards);
}
