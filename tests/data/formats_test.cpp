// Logs as they come: every file of tests/data/formats, and what is right for it by formats/expected.json.
//
//   file             its name
//   options          user, item, time, event, rating: columns; weights, min_rating, delimiter, no_header, literal_ids
//   log              the items and seconds of each user, in order; or:
//   error            a part of the error
//   says             what is said about the file, all of it
//   refused, first   rows refused by rule, and a part of the first one's reason
//   missing, rounded rows without ids, and ids that a spreadsheet has rounded
//   advice           which other column may have the users
#include <sotto/data/read_interactions.hpp>

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

using namespace sotto;

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

fs::path folder() {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  return fs::path(source) / "tests" / "data" / "formats";
}

data::ReadOptions options_of(const Json& row) {
  data::ReadOptions options;
  const Json given = row.value("options", Json::object());
  options.user_column = given.value("user", options.user_column);
  options.item_column = given.value("item", options.item_column);
  options.timestamp_column = given.value("time", options.timestamp_column);
  options.event_column = given.value("event", options.event_column);
  options.rating_column = given.value("rating", options.rating_column);
  options.table.no_header = given.value("no_header", false);
  options.literal_ids = given.value("literal_ids", false);
  if (given.contains("min_rating")) options.min_rating = given["min_rating"].get<double>();
  if (given.contains("delimiter"))
    options.table.delimiter = data::Delimiter::parse(given["delimiter"].get<std::string>());
  if (given.contains("weights")) {
    const auto weights = data::EventWeights::parse(given["weights"].get<std::string>());
    REQUIRE(weights.ok());
    options.event_weights = *weights;
  }
  return options;
}

Json json_of(const data::Interactions& log) {
  Json users = Json::object();
  for (std::size_t user = 0; user < log.users(); ++user) {
    Json events = Json::array();
    for (std::size_t i = 0; i < log.items_of(user).size(); ++i)
      events.push_back({log.item_ids[log.items_of(user)[i]], log.times_of(user)[i]});
    users[std::string(log.user_ids[user])] = events;
  }
  return users;
}

}  // namespace

TEST_CASE("logs as they come are read as the table of formats says") {
  std::ifstream file(folder() / "expected.json");
  const Json table = Json::parse(file);
  std::set<std::string> named = {"expected.json"};
  for (const Json& row : table) {
    const auto name = row["file"].get<std::string>();
    CAPTURE(name);
    named.insert(name);
    data::ReadReport report;
    const auto log = data::read_interactions({folder() / name}, options_of(row), report);
    if (row.contains("error")) {
      REQUIRE_FALSE(log.ok());
      CAPTURE(log.error().detail);
      CHECK(log.error().detail.find(row["error"].get<std::string>()) != std::string::npos);
      continue;
    }
    INFO((log.ok() ? std::string("read") : log.error().detail));
    REQUIRE(log.ok());
    CHECK(json_of(*log) == row["log"]);
    REQUIRE(report.files.size() == 1);
    CHECK(data::surprises_in_words(report.files.front()) == row["says"].get<std::string>());
    CHECK(report.newest_first == row.value("newest_first", false));
    CHECK(report.missing_ids == row.value("missing", std::size_t{0}));
    CHECK(data::other_column_advice(report, data::RowRule::user_id) == row.value("advice", ""));
    CHECK(report.rounded_ids.count == row.value("rounded", std::size_t{0}));
    Json refused = Json::object();
    for (const data::RefusedRows& rows : report.refused)
      refused[std::string(data::row_rule_name(rows.rule))] = rows.rows;
    CHECK(refused == row.value("refused", Json::object()));
    if (row.contains("first")) {
      REQUIRE_FALSE(report.refused.empty());
      CAPTURE(report.refused.front().first);
      CHECK(report.refused.front().first.find(row["first"].get<std::string>()) != std::string::npos);
    }
  }
  for (const auto& entry : fs::directory_iterator(folder())) CHECK(named.contains(entry.path().filename().string()));
}
