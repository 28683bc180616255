// The SQLite file itself: making it, recognizing it, who has it, what lies in it, and what is refused.
#include "places.hpp"

#include <sotto/store/internal/forgotten_users.hpp>
#include <sotto/store/internal/sqlite_connection.hpp>
#include <sotto/store/internal/sqlite_schema.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <thread>

#include <sys/stat.h>

using namespace sotto;
using namespace sotto::store;
using test::OnSqlite;

namespace {

constexpr std::int64_t noon = 1'750'000'000;
constexpr std::int64_t day = 86400;

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

std::filesystem::path beside(const std::filesystem::path& file, const std::string& ending) {
  return file.string() + ending;
}

Result<std::vector<Appended>> append(Store& store, const std::string& user, const std::string& item, int count = 1) {
  const Append request{user, std::vector<Event>(static_cast<std::size_t>(count), Event{item, noon, 1, 0}), "", "", "",
                       noon};
  return store.append(std::span(&request, 1));
}

std::unique_ptr<SqliteConnection> connect(const std::filesystem::path& file) {
  auto connection = SqliteConnection::open(file);
  REQUIRE(connection);
  return std::move(connection).value();
}

// The file of a version of the tables, as that version's Sotto would have made it.
void make_version(const std::filesystem::path& file, std::size_t version) {
  write(file, "");
  const auto connection = connect(file);
  for (std::size_t i = 0; i < version; ++i) REQUIRE(connection->run(sqlite_steps()[i]));
  REQUIRE(connection->run(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};", sqlite_application_id, version)));
}

bool holds(const std::filesystem::path& file, const std::string& text) {
  return read(file).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a file of each earlier version is brought to this one") {
  for (std::size_t version = 0; version <= sqlite_steps().size(); ++version) {
    CAPTURE(version);
    const OnSqlite place;
    if (version > 0) make_version(place.file(), version);
    const auto store = place.open();
    CHECK(append(*store, "ann", "a"));
    CHECK(store->size().value().schema == static_cast<int>(sqlite_steps().size()));
    CHECK(store->check().value().empty());
  }
}

TEST_CASE("an empty file becomes a store") {
  const OnSqlite place;
  write(place.file(), "");
  CHECK(append(*place.open(), "ann", "a"));
}

TEST_CASE("a new file is for its owner alone") {
  const OnSqlite place;
  const auto store = place.open();
  REQUIRE(append(*store, "ann", "a"));
  for (const std::string ending : {"", "-wal", ".lock"}) {
    struct stat information{};
    REQUIRE(::stat(beside(place.file(), ending).c_str(), &information) == 0);
    CHECK((information.st_mode & 0777U) == 0600);
  }
}

TEST_CASE("a file that is not Sotto's is refused and stays as it was") {
  const OnSqlite place;
  auto expected = ErrorCode::malformed;
  SECTION("text") { write(place.file(), std::string(5000, 'x')); }
  SECTION("a short file") { write(place.file(), "SQLite format 3"); }
  SECTION("another program's SQLite file") {
    write(place.file(), "");
    REQUIRE(connect(place.file())->run("CREATE TABLE notes (text); PRAGMA application_id = 77;"));
  }
  SECTION("a later version") {
    make_version(place.file(), sqlite_steps().size());
    REQUIRE(connect(place.file())->run("PRAGMA user_version = 1000"));
    expected = ErrorCode::unsupported_version;
  }
  SECTION("tables that somebody changed") {
    make_version(place.file(), sqlite_steps().size());
    REQUIRE(connect(place.file())->run("ALTER TABLE events DROP COLUMN amount"));
  }
  const auto before = read(place.file());
  const auto opened = place.try_open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == expected);
  CHECK(opened.error().detail.find(place.file().string()) != std::string::npos);
  if (before.size() < 20'000) CHECK(read(place.file()) == before);
}

TEST_CASE("a folder is no store") {
  const OnSqlite place;
  std::filesystem::create_directory(place.file());
  CHECK(place.try_open().error().code == ErrorCode::malformed);
}

TEST_CASE("the log of a database that is not there is not taken for a new one's") {
  const OnSqlite place;
  write(beside(place.file(), "-wal"), "the last events of a lost database");
  const auto opened = place.try_open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().detail.find("-wal") != std::string::npos);
  CHECK(read(beside(place.file(), "-wal")) == "the last events of a lost database");
}

TEST_CASE("a file that is in use is not opened twice") {
  const OnSqlite place;
  auto store = place.open();
  const auto second = place.try_open();
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::io);
  CHECK(second.error().detail.find("in use") != std::string::npos);
  CHECK(second.error().detail.find(place.file().string()) != std::string::npos);
  REQUIRE(append(*store, "ann", "a"));
  store.reset();
  CHECK(place.open()->load("ann").value().events.size() == 1);
}

TEST_CASE("an event takes a few dozen bytes") {
  const OnSqlite place;
  const auto store = place.open();
  std::vector<Append> requests;
  for (int user = 0; user < 2000; ++user) {
    Append request{"user " + std::to_string(user), {}, "", "", "", noon};
    for (int i = 0; i < 50; ++i) request.events.push_back({"85123A", noon + i, 1, 0});
    requests.push_back(std::move(request));
  }
  REQUIRE(store->append(requests));
  const OnSqlite copy;
  REQUIRE(store->backup(copy.file()));
  CHECK(std::filesystem::file_size(copy.file()) / 100'000 < 40);
}

TEST_CASE("a forgotten user leaves nothing in the files") {
  const OnSqlite place;
  const auto store = place.open();
  // Random lengths, so that rows move between pages; many neighbors; and snapshots, which remove events.
  const std::string mark = "MARK-OF-THE-FORGOTTEN";
  for (int round = 0; round < 40; ++round) {
    std::vector<Append> requests;
    for (int user = 0; user < 30; ++user) {
      const bool is_marked = user % 10 == 3;
      const std::string name = (is_marked ? mark : "neighbor") + std::to_string(user);
      const std::string item = (is_marked ? mark : "item") + std::string(static_cast<std::size_t>(round * 7 % 50), 'x');
      requests.push_back({name,
                          {{item, noon, 1, 0}, {item, noon, 1, 0}},
                          is_marked ? mark + std::to_string(round) : "",
                          "content",
                          is_marked ? mark : "",
                          noon});
    }
    REQUIRE(store->append(requests));
    if (round % 7 == 0) {
      for (const std::string& name : {mark + "3", std::string("neighbor4")}) {
        const auto head = store->head(name).value();
        const SnapshotWrite snapshot{name, head.generation, {head.last, 1, Bytes(500)}};
        REQUIRE(store->save_snapshots(std::span(&snapshot, 1)));
      }
    }
  }
  CHECK(holds(beside(place.file(), "-wal"), mark));
  for (const int user : {3, 13, 23}) CHECK(store->forget(mark + std::to_string(user), noon).value());
  for (const std::string ending : {"", "-wal", ".forgotten"}) {
    CAPTURE(ending);
    CHECK_FALSE(holds(beside(place.file(), ending), mark));
  }
  CHECK(store->check().value().empty());
  CHECK(append(*store, "neighbor4", "a").value().front().head.last == 81);
}

TEST_CASE("a restored backup forgets again, and only whom it must") {
  const OnSqlite place;
  auto store = place.open();
  REQUIRE(append(*store, "before", "old life"));
  REQUIRE(store->forget("before", noon));
  for (const std::string user : {"ann", "bob", "before"}) REQUIRE(append(*store, user, "a"));
  REQUIRE(store->backup(beside(place.file(), ".backup")));
  REQUIRE(append(*store, "ann", "b"));
  CHECK(store->forget("ann", noon + 1).value());
  store.reset();

  std::filesystem::rename(beside(place.file(), ".backup"), place.file());
  store = place.open();
  CHECK(store->head("ann").value() == UserHead{});
  CHECK(store->load("bob").value().events.size() == 1);
  CHECK(store->load("before").value().events.size() == 1);  // came again before the backup
  CHECK(store->size().value().users == 2);
  CHECK_FALSE(holds(place.file(), "ann"));
  REQUIRE(append(*store, "ann", "c"));
  store.reset();
  CHECK(place.open()->load("ann").value().events.size() == 1);  // came again after it
}

TEST_CASE("a process that ended between the list and the commit forgets at the next start") {
  const OnSqlite place;
  auto store = place.open();
  REQUIRE(append(*store, "ann", "a"));
  REQUIRE(append(*store, "bob", "a"));
  REQUIRE(store->forget("bob", noon));
  store.reset();
  {
    auto list = ForgottenList::open(beside(place.file(), ".forgotten"), 1);
    REQUIRE(list);
    CHECK(list->add("ann", noon).value() == 2);
  }
  store = place.open();
  CHECK(store->head("ann").value() == UserHead{});
  CHECK(store->check().value().empty());
}

TEST_CASE("the list of the forgotten drops what is old, and its numbers go on") {
  const test::Folder folder;
  const auto file = folder / "forgotten";
  auto list = ForgottenList::open(file, 0).value();
  CHECK(list.add("ann", noon).value() == 1);
  CHECK(list.add("bob", noon + 10 * day).value() == 2);
  CHECK(list.after(0).size() == 2);
  CHECK(list.after(1).contains(list.hash("bob")));
  REQUIRE(list.drop_old(noon + forgotten_days * day));
  CHECK(list.after(0).size() == 2);
  REQUIRE(list.drop_old(noon + forgotten_days * day + 1));
  CHECK(list.after(0).size() == 1);
  REQUIRE(list.drop_old(noon + 1000 * day));
  CHECK(list.after(0).empty());

  auto again = ForgottenList::open(file, 0).value();
  CHECK(again.last() == 2);
  CHECK(again.hash("ann") == list.hash("ann"));
  CHECK(again.add("cat", noon).value() == 3);
  REQUIRE(again.take_back());
  CHECK(ForgottenList::open(file, 0).value().after(0).empty());
  CHECK(again.add("dan", noon).value() == 3);

  SECTION("a line without its end was never acknowledged") {
    write(file, read(file) + "4 1750000000 12ab");
    auto torn = ForgottenList::open(file, 0).value();
    CHECK(torn.last() == 3);
    CHECK(torn.add("eve", noon).value() == 4);
    CHECK(ForgottenList::open(file, 0).value().after(0).size() == 2);
  }
  SECTION("a lost file's numbers do not come again") {
    std::filesystem::remove(file);
    CHECK(ForgottenList::open(file, 9).value().add("eve", noon).value() == 10);
  }
  SECTION("another file is refused") {
    for (const std::string& text : {std::string("x"), std::string("notes\n"), read(file) + "what is this\n",
                                    read(file) + "3 1750000000 " + std::string(64, '0') + "\n"}) {
      write(file, text);
      CHECK(ForgottenList::open(file, 0).error().code == ErrorCode::malformed);
      CHECK(read(file) == text);
    }
  }
}

TEST_CASE("a backup is whole, is made beside writers, and replaces no file") {
  const OnSqlite place;
  const auto store = place.open();
  for (int i = 0; i < 200; ++i) REQUIRE(append(*store, "user " + std::to_string(i % 20), "item", 20));
  const OnSqlite copy;
  std::jthread writer([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) static_cast<void>(append(*store, "busy", "item"));
  });
  REQUIRE(store->backup(copy.file()));
  writer.request_stop();
  writer.join();
  CHECK(store->backup(copy.file()).error().code == ErrorCode::io);
  CHECK(store->backup(copy.file() / "no folder").error().code == ErrorCode::io);
  const auto copied = copy.open();
  CHECK(copied->check().value().empty());
  for (int i = 0; i < 20; ++i) CHECK(copied->head("user " + std::to_string(i)).value().last == 200);
  // Nothing unfinished lies beside.
  for (const auto& entry : std::filesystem::directory_iterator(copy.file().parent_path()))
    CHECK(entry.path().filename().string().find(".new") == std::string::npos);
}

TEST_CASE("a check names what is wrong") {
  const OnSqlite place;
  auto store = place.open();
  REQUIRE(append(*store, "ann", "a", 9));
  const auto head = store->head("ann").value();
  const SnapshotWrite snapshot{"ann", head.generation, {4, 1, Bytes(500)}};
  REQUIRE(store->save_snapshots(std::span(&snapshot, 1)));
  store.reset();
  const auto problem_after = [&](const std::string& sql) {
    REQUIRE(connect(place.file())->run("PRAGMA foreign_keys = OFF; " + sql));
    const auto problems = place.open()->check().value();
    return problems.empty() ? std::string() : problems.front();
  };
  SECTION("a gap") {
    CHECK(problem_after("DELETE FROM events WHERE number = 6").find("events 5 to 9") != std::string::npos);
  }
  SECTION("a snapshot ahead") {
    CHECK(problem_after("UPDATE snapshots SET at = 12").find("is at event 12") != std::string::npos);
  }
  SECTION("a changed state") {
    CHECK(problem_after("UPDATE snapshots SET state = zeroblob(20)").find("checksum") != std::string::npos);
    CHECK(place.open()->load("ann").error().code == ErrorCode::malformed);
  }
  SECTION("events of nobody") {
    CHECK(problem_after("INSERT INTO events VALUES (99, 1, 'a', 1, 1, 0)").find("belongs to no row") !=
          std::string::npos);
  }
  SECTION("totals") { CHECK(problem_after("UPDATE totals SET users = 7").find("7 users") != std::string::npos); }
  SECTION("nothing") { CHECK(problem_after("").empty()); }
}

TEST_CASE("a damaged page is an error, and what other pages have is still read") {
  const OnSqlite place;
  auto store = place.open();
  for (int user = 0; user < 300; ++user) REQUIRE(append(*store, "user " + std::to_string(user), "a long item id", 20));
  store.reset();
  auto bytes = read(place.file());
  constexpr std::size_t page = 4096;
  // A leaf of the events: type 10 is a leaf of an index, which a table without row numbers is.
  std::size_t leaf = 0;
  for (std::size_t at = page; at < bytes.size(); at += page) {
    if (bytes[at] == 10 && bytes.find("a long item id", at) < at + page) leaf = at;
  }
  REQUIRE(leaf > 0);
  bytes.replace(leaf, 200, std::string(200, '\xff'));
  write(place.file(), bytes);

  store = place.open();
  int damaged = 0;
  for (int user = 0; user < 300; ++user) {
    const auto loaded = store->load("user " + std::to_string(user));
    if (loaded) {
      CHECK(loaded->events.size() == 20);
    } else {
      ++damaged;
      CHECK(loaded.error().code == ErrorCode::malformed);
      CHECK(loaded.error().detail.find(place.file().string()) != std::string::npos);
    }
  }
  CHECK(damaged > 0);
  CHECK(damaged < 100);
  CHECK_FALSE(store->check().value().empty());
  CHECK(store->backup(beside(place.file(), ".backup")).error().code == ErrorCode::malformed);
  CHECK_FALSE(std::filesystem::exists(beside(place.file(), ".backup")));
}
