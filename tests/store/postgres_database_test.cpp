// The PostgreSQL database itself: migrations, lost connections, what is refused, and what a restored dump needs.
#include "places.hpp"

#include <sotto/store/internal/postgres_schema.hpp>

#include <cstdint>
#include <thread>

using namespace sotto;
using namespace sotto::store;
using test::OnPostgres;

namespace {

constexpr std::int64_t noon = 1'750'000'000;

Status append(Store& store, const std::string& user, const std::string& item) {
  const Append request{user, {{item, noon, 1, 0}}, "", "", "", noon};
  auto appended = store.append(std::span(&request, 1));
  if (!appended) return appended.error();
  return Ok{};
}

}  // namespace

TEST_CASE("a database of each earlier version is brought to this one") {
  for (std::size_t version = 0; version <= postgres_steps().size(); ++version) {
    CAPTURE(version);
    const OnPostgres place;
    if (version > 0) {
      auto connection = PostgresConnection::open(place.url(), "it");
      REQUIRE(connection);
      REQUIRE((*connection)->run("CREATE SCHEMA sotto"));
      for (std::size_t i = 0; i < version; ++i) REQUIRE((*connection)->run(postgres_steps()[i]));
      REQUIRE((*connection)->run("UPDATE sotto.server SET version = " + std::to_string(version)));
    }
    const auto store = place.open();
    CHECK(append(*store, "ann", "a"));
    CHECK(store->size().value().schema == static_cast<int>(postgres_steps().size()));
  }
}

TEST_CASE("servers that start together make the tables once") {
  const OnPostgres place;
  std::vector<std::thread> threads;
  std::array<std::string, 6> failures;
  for (std::string& failure : failures) {
    threads.emplace_back([&] {
      const auto opened = place.try_open();
      if (!opened) failure = opened.error().detail;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures) CHECK(failure == "");
}

TEST_CASE("a database of a later version, or with another program's schema, is refused") {
  const OnPostgres place;
  SECTION("later") {
    static_cast<void>(place.open());
    REQUIRE(place.run("UPDATE sotto.server SET version = 1000"));
    CHECK(place.try_open().error().code == ErrorCode::unsupported_version);
  }
  SECTION("another's") {
    REQUIRE(place.run("CREATE SCHEMA sotto; CREATE TABLE sotto.notes (text text)"));
    CHECK(place.try_open().error().code == ErrorCode::malformed);
  }
  SECTION("an empty schema is taken") {
    REQUIRE(place.run("CREATE SCHEMA sotto"));
    CHECK(append(*place.open(), "ann", "a"));
  }
}

TEST_CASE("lost connections are made again") {
  const OnPostgres place;
  const auto store = place.open();
  REQUIRE(append(*store, "ann", "a"));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(
        place.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    if (i == 1) CHECK(store->head("ann").value().last == 2);
    CHECK(append(*store, "ann", "b"));
  }
  CHECK(store->load("ann").value().events.size() == 4);
}

TEST_CASE("errors and descriptions have no password") {
  const std::string secret = "hunter2";
  for (const std::string& url :
       {"postgresql://ann:" + secret + "@localhost:1/shop", "postgresql://ann:" + secret + "@[bad/shop",
        "postgresql://ann:" + secret + "@localhost:badport/shop", "host=/nowhere password=" + secret}) {
    const auto opened = open_postgres(url, 2);
    REQUIRE_FALSE(opened);
    CAPTURE(opened.error().detail);
    CHECK(opened.error().detail.find(secret) == std::string::npos);
  }
  const OnPostgres place;
  auto url = place.url();
  url.insert(url.find('@'), ":" + secret);
  const auto store = open_postgres(url, 2);
  REQUIRE(store);
  CHECK((*store)->description().starts_with("the PostgreSQL database 'sotto_"));
  CHECK((*store)->description().find(secret) == std::string::npos);
}

TEST_CASE("PostgreSQL is backed up by its own programs") {
  const OnPostgres place;
  const auto refused = place.open()->backup("/nowhere/file");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unsupported);
  CHECK(refused.error().detail.find("pg_dump") != std::string::npos);
}

TEST_CASE("newer rows of the list of the forgotten are applied to a restored dump") {
  const OnPostgres place;
  auto store = place.open();
  REQUIRE(append(*store, "ann", "a"));
  REQUIRE(append(*store, "bob", "a"));
  REQUIRE(
      place.run("CREATE SCHEMA dump; CREATE TABLE dump.users AS TABLE sotto.users;"
                "CREATE TABLE dump.events AS TABLE sotto.events; CREATE TABLE dump.server AS TABLE sotto.server"));
  REQUIRE(store->forget("ann", noon));
  store.reset();
  REQUIRE(
      place.run("TRUNCATE sotto.users, sotto.events, sotto.server;"
                "INSERT INTO sotto.users OVERRIDING SYSTEM VALUE SELECT * FROM dump.users;"
                "INSERT INTO sotto.events SELECT * FROM dump.events;"
                "INSERT INTO sotto.server SELECT * FROM dump.server"));
  store = place.open();
  CHECK(store->head("ann").value() == UserHead{});
  CHECK(store->load("bob").value().events.size() == 1);
  REQUIRE(append(*store, "ann", "b"));
  store.reset();
  CHECK(place.open()->load("ann").value().events.size() == 1);
}

TEST_CASE("a check of the database names what is wrong") {
  const OnPostgres place;
  const auto store = place.open();
  for (const std::string item : {"a", "b", "c"}) REQUIRE(append(*store, "ann", item));
  const auto problem_after = [&](const std::string& sql) {
    REQUIRE(place.run(sql));
    const auto problems = store->check().value();
    return problems.empty() ? std::string() : problems.front();
  };
  SECTION("a gap") {
    CHECK(problem_after("DELETE FROM sotto.events WHERE number = 2").find("events 1 to 3") != std::string::npos);
  }
  SECTION("events of nobody") {
    CHECK(problem_after("DELETE FROM sotto.users").find("belong to no user") != std::string::npos);
  }
  SECTION("a changed state") {
    const auto head = store->head("ann").value();
    REQUIRE(store->replace("ann", head, {0, 1, Bytes(100)}));
    CHECK(problem_after("UPDATE sotto.snapshots SET checksum = 1").find("checksum") != std::string::npos);
    CHECK(store->load("ann").error().code == ErrorCode::malformed);
  }
  SECTION("a dropped table") {
    CHECK(problem_after("DROP TABLE sotto.snapshots").find("does not exist") != std::string::npos);
    CHECK(store->load("ann").error().code == ErrorCode::malformed);
  }
}
