// The public logs in $SOTTO_DATA_DIR: their counts are those of their descriptions.
#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/read_interactions.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>

using namespace sotto;

TEST_CASE("the public logs have the documented numbers of users, items and events") {
  const char* folder = std::getenv("SOTTO_DATA_DIR");
  if (folder == nullptr || *folder == '\0') SKIP("SOTTO_DATA_DIR is not set");
  struct Row {
    const char* name;
    std::size_t users;
    std::size_t items;
    std::size_t events;
  };
  for (const auto& [name, users, items, events] :
       {Row{"entree-chicago", 50672, 645, 233871}, Row{"movielens-1m", 6040, 3416, 999611},
        Row{"movietweetings-100k", 16554, 10506, 100000}, Row{"online-retail", 4334, 3659, 386326}}) {
    CAPTURE(name);
    const auto log_folder = std::filesystem::path(folder) / name;
    data::ReadReport report;
    const auto log = data::read_interactions({log_folder / "interactions.csv.gz"}, {}, report);
    REQUIRE(log.ok());
    CHECK(log->users() == users);
    CHECK(log->item_ids.size() == items);
    CHECK(log->events() == events);
    CHECK(data::make_catalogue(*log, log_folder / "items.csv.gz").ok());
  }
}
