// Public logs as one finds them: `sotto check FILE` works, or says the option that is missing.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

fs::path format(const std::string& name) {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  return fs::path(source) / "tests" / "data" / "formats" / name;
}

}  // namespace

TEST_CASE("six public formats are checked as they come") {
  const Workplace place;
  struct Row {
    std::string file;
    std::string said;  // on stderr, behind the file's name
    int events;
  };
  for (const auto& [file, said, events] :
       {Row{"recbole.inter", "", 2}, Row{"rees46.csv", "item_id is 'product_id', timestamp is 'event_time'", 2},
        Row{"diginetica.csv",
            "fields between semicolons, user_id is 'userId', item_id is 'itemId', timestamp is 'eventdate'", 1},
        Row{"otto.jsonl",
            "user_id is 'session', item_id is 'events[].aid', timestamp is 'events[].ts', times in milliseconds since "
            "1970",
            3},
        Row{"segment.jsonl", "user_id is 'userId', item_id is 'properties.product_id'", 1}}) {
    CAPTURE(file);
    const Finished finished = place.run({"check", format(file).string(), "--json"});
    CAPTURE(finished.err);
    REQUIRE(finished.code == 0);
    CHECK(parse(finished.out)["log"]["events"] == events);
    if (said.empty()) {
      CHECK(finished.err.empty());
    } else {
      CHECK(finished.err.find("sotto check: read " + format(file).string() + " as: " + said + "\n") == 0);
    }
  }

  const std::string movielens = format("movielens_1m.dat").string();
  const Finished asked = place.run({"check", movielens});
  CHECK(asked.code == 1);
  CHECK(asked.err.find("such as --user-column 1 --item-column 2 --timestamp-column 4\n") != std::string::npos);
  const Finished told =
      place.run({"check", movielens, "--user-column", "1", "--item-column", "2", "--timestamp-column", "4"});
  CHECK(told.code == 0);
  CHECK(told.err == "sotto check: read " + movielens + " as: fields between '::', no header row\n");
  CHECK(told.out.find("fields between '::', no header row; user '1', item '2', time '4' in seconds since 1970") !=
        std::string::npos);
}

TEST_CASE("where most rows have no user, the column that has is named") {
  const Workplace place;
  const Finished diginetica = place.run({"check", format("diginetica.csv").string()});
  CHECK(diginetica.err.find("; --user-column sessionId takes another column\n") != std::string::npos);
  CHECK(diginetica.out.find("in its place; --user-column sessionId takes another column\n") != std::string::npos);
  const Finished told = place.run({"check", format("diginetica.csv").string(), "--user-column", "sessionId"});
  CHECK(told.err.find("takes another column") == std::string::npos);
}

TEST_CASE("how an items file is read is said, and its columns can be named") {
  const Workplace place;
  write(place.path("log.csv"), Workplace::log_text("u", 20, 12));
  std::string movies;
  for (int item = 0; item < 20; ++item)
    movies += "item" + std::to_string(item) + "::Film, The (" + std::to_string(1950 + item) + ")::Drama|War\n";
  write(place.path("movies.dat"), "1" + movies);
  const std::vector<std::string> check = {"check", "log.csv", "--items", "movies.dat"};
  const Finished asked = place.run(check);
  CHECK(asked.code == 1);
  const auto with = [&check](std::vector<std::string> more) {
    more.insert(more.begin(), check.begin(), check.end());
    return more;
  };
  const Finished told = place.run(with({"--items-no-header", "--items-delimiter", "::", "--items-id-column", "1",
                                        "--title-column", "2", "--category-column", "3", "--json"}));
  CAPTURE(told.err);
  REQUIRE(told.code == 0);
  CHECK(told.err == "sotto check: read movies.dat as: fields between '::', no header row\n");
  const Finished wrong = place.run(with({"--items-no-header", "--items-id-column", "1", "--title-column", "9"}));
  CHECK(wrong.code == 1);
  CHECK(wrong.err.find("--title-column") != std::string::npos);
}

TEST_CASE("what is wrong with the ids and the times of a log is worth a look") {
  const Workplace place;
  const Json missing = parse(place.run({"check", format("missing.csv").string(), "--json"}).out);
  CHECK(missing["rows"]["missing_ids"] == 7);
  CHECK(missing["problems"].dump().find("\"missing_ids\"") != std::string::npos);
  const Json rounded = parse(place.run({"check", format("rounded.csv").string(), "--json"}).out);
  CHECK(rounded["problems"].dump().find("2 ids are rounded as by a spreadsheet, such as '1.23E+12' (" +
                                        format("rounded.csv").string() + ":2)") != std::string::npos);
  const Json mixed = parse(place.run({"check", format("mixed_units.csv").string(), "--json"}).out);
  CHECK(mixed["problems"].dump().find("\"mixed_time_units\"") != std::string::npos);
  write(place.path("future.csv"), "user_id,item_id,timestamp\nu,a,4000000000\n");
  const Json future = parse(place.run({"check", "future.csv", "--json"}).out);
  CHECK(future["problems"].dump().find("the log ends on 2096-10-02, in the future") != std::string::npos);
  const Finished newest = place.run({"check", format("newest_first.csv").string()});
  CHECK(newest.err.find("the newest events come first; events of the same time are taken from the end") !=
        std::string::npos);
}

TEST_CASE("ids of items that a spreadsheet has rounded are told with their line, whatever reads them") {
  const Workplace place;
  const std::string said =
      "2 ids are rounded as by a spreadsheet, such as '1.23E+12' (items.csv:22): different ids may have become one";
  std::string items = "item_id,title\n";
  for (int item = 0; item < 20; ++item) items += "item" + std::to_string(item) + ",Title\n";
  write(place.path("items.csv"), items + "1.23E+12,Title\n\"4,56E+11\",Title\n");
  const Finished checked = place.run({"check", "log.csv", "--items", "items.csv", "--json"});
  REQUIRE(checked.code == 0);
  const Json report = parse(checked.out);
  CHECK(report["items"]["items_file"]["rounded_ids"] == 2);
  CHECK(report["problems"].dump().find(R"({"problem":"rounded_item_ids","sentence":"in the items file )" + said +
                                       "\"}") != std::string::npos);
  CHECK(place.run({"check", "log.csv", "--items", "items.csv", "--strict"}).code == 1);

  const Finished trained = place.train({"--items", "items.csv", "--no-content"});
  REQUIRE(trained.code == 0);
  CHECK(trained.err.find("sotto train: " + said + "\n") != std::string::npos);
  const Finished extended =
      place.run({"extend", "--model", "m.safetensors", "--items", "items.csv", "--out", "more.safetensors"});
  REQUIRE(extended.code == 0);
  CHECK(extended.err == "sotto extend: " + said + "\n");

  const std::string keras = format("../../convert/fixtures/keras/stacked.keras").string();
  const Finished described = place.run({"import", keras, "--items", "items.csv", "--out", "keras.safetensors"});
  REQUIRE(described.code == 0);
  CHECK(described.err.find("sotto import: " + said + "\n") != std::string::npos);
  std::string ids = "7E+11\n";
  for (int item = 1; item < 20; ++item) ids += "item" + std::to_string(item) + "\n";
  write(place.path("ids.txt"), ids);
  const Finished named = place.run({"import", keras, "--vocabulary", "ids.txt", "--out", "keras.safetensors"});
  REQUIRE(named.code == 0);
  CHECK(named.err.find("1 id is rounded as by a spreadsheet, such as '7E+11' (ids.txt:1)") != std::string::npos);
}

TEST_CASE("whoever gives a Parquet or Arrow file hears of both ways to use it") {
  const Workplace place;
  for (const auto& [file, bytes] : {std::pair<std::string, std::string>{"log.parquet", "PAR1 and more"},
                                    {"log.arrow", std::string("ARROW1\0\0 and more", 17)},
                                    {"log.feather", "FEA1 and more"}}) {
    CAPTURE(file);
    write(place.path(file), bytes);
    for (const auto& arguments : {std::vector<std::string>{"check", file}, {"check", "log.csv", "--items", file}}) {
      const Finished refused = place.run(arguments);
      CHECK(refused.code == 1);
      CHECK(refused.err.find("; sotto.train of the Python package reads it; or write it as CSV first, ") !=
            std::string::npos);
    }
  }
}

TEST_CASE("the delimiter can be given, and a wrong one is refused") {
  const Workplace place;
  const std::string caret = format("caret.txt").string();
  CHECK(place.run({"check", caret, "--delimiter", "^"}).code == 0);
  CHECK(place.run({"check", caret}).code == 1);
  const Finished wrong = place.run({"check", caret, "--delimiter", "x"});
  CHECK(wrong.code == 2);
  CHECK(wrong.err.find("sotto check: --delimiter: expected a delimiter such as ';'") == 0);
}
