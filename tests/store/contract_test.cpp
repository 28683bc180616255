// What every store does, on SQLite and on PostgreSQL.
#include "places.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include <array>
#include <cstdint>

using namespace sotto;
using namespace sotto::store;
using test::OnPostgres;
using test::OnSqlite;

namespace {

constexpr std::int64_t noon = 1'750'000'000;
constexpr std::int64_t day = 86400;

Event event(const std::string& item, std::int64_t at = noon) { return {item, at, 1, 0}; }

Append request(const std::string& user, std::vector<Event> events, const std::string& key = "") {
  return {user, std::move(events), key, key.empty() ? "" : "content of " + key, key.empty() ? "" : "answer to " + key,
          noon};
}

Appended append(Store& store, const Append& one) {
  auto appended = store.append(std::span(&one, 1));
  INFO((appended ? "" : appended.error().detail));
  REQUIRE(appended);
  REQUIRE(appended->size() == 1);
  return appended->front();
}

StoredUser load(Store& store, const std::string& user, UserHead known = {}) {
  auto loaded = store.load(user, known);
  INFO((loaded ? "" : loaded.error().detail));
  REQUIRE(loaded);
  return *loaded;
}

std::vector<std::string> items(const StoredUser& user) {
  std::vector<std::string> ids;
  for (const Event& entry : user.events) ids.push_back(entry.item);
  return ids;
}

Bytes bytes(const std::string& text) {
  const auto* start = reinterpret_cast<const std::byte*>(text.data());
  return {start, start + text.size()};
}

void save(Store& store, const std::string& user, std::uint64_t generation, std::uint64_t at, const std::string& state) {
  const SnapshotWrite write{user, generation, {at, 7, bytes(state)}};
  auto saved = store.save_snapshots(std::span(&write, 1));
  INFO((saved ? "" : saved.error().detail));
  REQUIRE(saved);
}

void check_is_sound(Store& store) {
  auto problems = store.check();
  INFO((problems ? "" : problems.error().detail));
  REQUIRE(problems);
  CHECK(*problems == std::vector<std::string>{});
}

using Ids = std::vector<std::string>;
constexpr auto added = Appended::Kind::added;

}  // namespace

TEMPLATE_TEST_CASE("events are numbered from 1 and come back as they were", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const std::vector<Event> strange = {{"85123A", noon, 1, 0},
                                      {"", -5, 0xffffffff, -1.5F},
                                      {std::string("nul\0 and \xff", 10), INT64_MAX, 0, 1e30F},
                                      {"naïve ✓", INT64_MIN, 12, 0.1F}};
  {
    const auto store = place.open();
    CHECK(store->head("ann").value() == UserHead{});
    const auto first = append(*store, request("ann", strange));
    CHECK(first.kind == added);
    CHECK(first.head.generation > 0);
    CHECK(first.head.last == 4);
    CHECK(append(*store, request("ann", {event("b")})).head == UserHead{first.head.generation, 5});
    CHECK(append(*store, request("Ann", {event("c")})).head.last == 1);
    check_is_sound(*store);
  }
  const auto store = place.open();
  auto expected = strange;
  expected.push_back(event("b"));
  const auto loaded = load(*store, "ann");
  CHECK(loaded.events == expected);
  CHECK(loaded.head.last == 5);
  CHECK_FALSE(loaded.snapshot);
  CHECK(store->head("ann").value() == loaded.head);
  CHECK(load(*store, "bob").head == UserHead{});
}

TEMPLATE_TEST_CASE("requests of one call are stored in their order, several of one user too", "[store]", OnSqlite,
                   OnPostgres) {
  const TestType place;
  const auto store = place.open();
  const std::vector<Append> requests = {request("b", {event("1"), event("2")}), request("a", {event("3")}),
                                        request("b", {event("4")}), request("c", {}), request("a", {event("5")})};
  const auto results = store->append(requests).value();
  REQUIRE(results.size() == 5);
  CHECK(results[0].head.last == 2);
  CHECK(results[1].head.last == 1);
  CHECK(results[2].head == UserHead{results[0].head.generation, 3});
  CHECK(results[3].head == UserHead{});
  CHECK(results[4].head == UserHead{results[1].head.generation, 2});
  CHECK(items(load(*store, "b")) == Ids{"1", "2", "4"});
  CHECK(items(load(*store, "a")) == Ids{"3", "5"});
  CHECK(store->append({}).value().empty());
  check_is_sound(*store);
}

TEMPLATE_TEST_CASE("an idempotency key counts once, also within a call", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  auto other_content = request("ann", {event("x")}, "k1");
  other_content.content = "another";
  const std::vector<Append> requests = {request("ann", {event("1")}, "k1"), request("ann", {event("1")}, "k1"),
                                        other_content, request("bob", {event("2")}, "k1"),
                                        request("ann", {event("3")}, "k2")};
  const auto results = store->append(requests).value();
  CHECK(results[0].kind == added);
  CHECK(results[0].answer == "answer to k1");
  CHECK(results[1].kind == Appended::Kind::repeated);
  CHECK(results[1].answer == "answer to k1");
  CHECK(results[2].kind == Appended::Kind::key_reused);
  CHECK(results[3].kind == added);
  CHECK(results[4].head.last == 2);

  auto again = request("ann", {event("1")}, "k1");
  again.answer = "a later answer";
  again.now = noon + idempotency_days * day - 1;
  const auto repeated = append(*store, again);
  CHECK(repeated.kind == Appended::Kind::repeated);
  CHECK(repeated.answer == "answer to k1");
  CHECK(repeated.head == results[4].head);
  CHECK(append(*store, other_content).kind == Appended::Kind::key_reused);
  CHECK(items(load(*store, "ann")) == Ids{"1", "3"});

  again.now = noon + idempotency_days * day;
  CHECK(append(*store, again).kind == added);
  CHECK(items(load(*store, "ann")) == Ids{"1", "3", "1"});
  check_is_sound(*store);
}

TEMPLATE_TEST_CASE("a key is remembered for a request without events, and cleaned after its days", "[store]", OnSqlite,
                   OnPostgres) {
  const TestType place;
  const auto store = place.open();
  CHECK(append(*store, request("ann", {}, "k")).kind == added);
  CHECK(append(*store, request("ann", {}, "k")).kind == Appended::Kind::repeated);
  CHECK(store->head("ann").value().last == 0);
  REQUIRE(store->clean(noon + idempotency_days * day - 1, 0, 0));
  CHECK(append(*store, request("ann", {}, "k")).kind == Appended::Kind::repeated);
  REQUIRE(store->clean(noon + idempotency_days * day, 0, 0));
  CHECK(append(*store, request("ann", {}, "k")).kind == added);
}

TEMPLATE_TEST_CASE("a snapshot takes the place of its events", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  const auto head = append(*store, request("ann", {event("1"), event("2"), event("3"), event("4")})).head;
  save(*store, "ann", head.generation, 2, "after two");
  const auto loaded = load(*store, "ann");
  REQUIRE(loaded.snapshot);
  CHECK(loaded.snapshot->at == 2);
  CHECK(loaded.snapshot->model == 7);
  CHECK(loaded.snapshot->state == bytes("after two"));
  CHECK(items(loaded) == Ids{"3", "4"});
  CHECK(loaded.head == head);

  SECTION("an earlier one changes nothing") {
    save(*store, "ann", head.generation, 1, "after one");
    CHECK(load(*store, "ann").snapshot->state == bytes("after two"));
  }
  SECTION("one at the same event is of another model perhaps, and is kept") {
    save(*store, "ann", head.generation, 2, "carried over");
    CHECK(load(*store, "ann").snapshot->state == bytes("carried over"));
  }
  SECTION("one of another generation changes nothing") {
    save(*store, "ann", head.generation + 1, 4, "of another life");
    CHECK(load(*store, "ann").snapshot->state == bytes("after two"));
  }
  SECTION("one that is ahead of the user's events changes nothing") {
    save(*store, "ann", head.generation, 5, "after five");
    CHECK(load(*store, "ann").snapshot->state == bytes("after two"));
  }
  SECTION("one of a user that is not stored changes nothing") {
    save(*store, "bob", 1, 1, "bob");
    CHECK(load(*store, "bob").head == UserHead{});
  }
  SECTION("one at the latest event leaves no event") {
    save(*store, "ann", head.generation, 4, std::string(100'000, 'x'));
    const auto latest = load(*store, "ann");
    CHECK(latest.events.empty());
    CHECK(latest.snapshot->state == bytes(std::string(100'000, 'x')));
    CHECK(append(*store, request("ann", {event("5")})).head.last == 5);
  }
  SECTION("its state may be empty") {
    save(*store, "ann", head.generation, 3, "");
    CHECK(load(*store, "ann").snapshot->state.empty());
  }
  check_is_sound(*store);
}

TEMPLATE_TEST_CASE("a load of a known user brings what is new", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  const auto head = append(*store, request("ann", {event("1"), event("2"), event("3"), event("4")})).head;
  const auto known = [&](std::uint64_t last) { return load(*store, "ann", {head.generation, last}); };
  CHECK(items(known(0)) == Ids{"1", "2", "3", "4"});
  CHECK(items(known(3)) == Ids{"4"});
  CHECK(items(known(4)).empty());
  CHECK(known(4).head == head);
  // One who is ahead knows a store that has been restored since.
  CHECK(items(known(5)) == Ids{"1", "2", "3", "4"});
  CHECK(items(load(*store, "ann", {head.generation + 1, 3})) == Ids{"1", "2", "3", "4"});

  save(*store, "ann", head.generation, 2, "after two");
  CHECK(items(known(3)) == Ids{"4"});
  CHECK_FALSE(known(3).snapshot);
  CHECK(items(known(2)) == Ids{"3", "4"});
  CHECK_FALSE(known(2).snapshot);
  // Event 2 is no more.
  CHECK(items(known(1)) == Ids{"3", "4"});
  CHECK(known(1).snapshot->state == bytes("after two"));
  save(*store, "ann", head.generation, 4, "after four");
  CHECK_FALSE(known(4).snapshot);
  CHECK(known(3).snapshot->at == 4);
  CHECK(load(*store, "ann", {head.generation + 1, 4}).snapshot->at == 4);
}

TEMPLATE_TEST_CASE("replace compares and swaps", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  const auto head = append(*store, request("ann", {event("1"), event("2")})).head;
  const Snapshot state{99, 5, bytes("imported")};
  for (const UserHead wrong : {UserHead{}, UserHead{head.generation, 1}, UserHead{head.generation + 1, 2}})
    CHECK(store->replace("ann", wrong, state).error().code == ErrorCode::mismatch);
  CHECK(store->replace("bob", head, state).error().code == ErrorCode::mismatch);
  CHECK(items(load(*store, "ann")) == Ids{"1", "2"});

  const auto replaced = store->replace("ann", head, state).value();
  CHECK(replaced.generation != head.generation);
  CHECK(replaced.last == 2);
  const auto loaded = load(*store, "ann", head);
  CHECK(loaded.head == replaced);
  CHECK(loaded.events.empty());
  CHECK(loaded.snapshot->at == 2);
  CHECK(loaded.snapshot->model == 5);
  CHECK(loaded.snapshot->state == bytes("imported"));
  CHECK(store->replace("ann", head, state).error().code == ErrorCode::mismatch);
  save(*store, "ann", head.generation, 2, "of the old generation");
  CHECK(load(*store, "ann").snapshot->state == bytes("imported"));
  CHECK(append(*store, request("ann", {event("3")})).head == UserHead{replaced.generation, 3});

  const auto bob = store->replace("bob", {}, state).value();
  CHECK(bob.generation > replaced.generation);
  CHECK(load(*store, "bob").snapshot->state == bytes("imported"));
  CHECK(append(*store, request("bob", {event("1")})).head == UserHead{bob.generation, 1});
  check_is_sound(*store);
}

TEMPLATE_TEST_CASE("a forgotten user is a new one", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  auto store = place.open();
  const auto head = append(*store, request("ann", {event("1"), event("2")}, "k")).head;
  append(*store, request("bob", {event("3")}));
  save(*store, "ann", head.generation, 1, "state");
  CHECK(store->forget("ann", noon).value());
  CHECK_FALSE(store->forget("ann", noon).value());
  CHECK(store->head("ann").value() == UserHead{});
  CHECK(load(*store, "ann", head).events.empty());
  save(*store, "ann", head.generation, 2, "late");
  CHECK(store->head("ann").value() == UserHead{});
  CHECK(store->size().value().users == 1);

  const auto again = append(*store, request("ann", {event("4")}, "k"));
  CHECK(again.kind == added);
  CHECK(again.head.generation > head.generation);
  CHECK(again.head.last == 1);
  check_is_sound(*store);
  store.reset();
  store = place.open();
  // Who came again is not forgotten again.
  CHECK(items(load(*store, "ann")) == Ids{"4"});
  CHECK(items(load(*store, "bob")) == Ids{"3"});
}

TEMPLATE_TEST_CASE("what a request lacks is named, and nothing is stored", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  const std::vector<Append> nameless = {request("ann", {event("1")}), request("", {event("1")})};
  CHECK(store->append(nameless).error().code == ErrorCode::invalid_argument);
  const std::vector<Append> infinite = {request("ann", {event("1")}),
                                        request("ann", {{"2", noon, 1, std::numeric_limits<float>::infinity()}})};
  CHECK(store->append(infinite).error().code == ErrorCode::invalid_argument);
  CHECK(store->append(std::vector{request(std::string(1025, 'x'), {})}).error().code == ErrorCode::invalid_argument);
  CHECK(store->head("ann").value() == UserHead{});
}

TEMPLATE_TEST_CASE("keys of the API are kept, listed and removed", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  ApiKey key{"a1", "the shop", "recommend,events", {}, noon};
  key.hash[31] = std::byte{9};
  {
    const auto store = place.open();
    CHECK(store->keys().value().empty());
    REQUIRE(store->add_key(key));
    CHECK(store->add_key(key).error().code == ErrorCode::mismatch);
    REQUIRE(store->add_key({"b2", "Ann's", "admin", {}, noon + 1}));
  }
  const auto store = place.open();
  const auto keys = store->keys().value();
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].id == "a1");
  CHECK(keys[0].name == "the shop");
  CHECK(keys[0].scopes == "recommend,events");
  CHECK(keys[0].hash == key.hash);
  CHECK(keys[0].created == noon);
  CHECK(keys[1].name == "Ann's");
  CHECK(store->remove_key("a1").value());
  CHECK_FALSE(store->remove_key("a1").value());
  CHECK(store->keys().value().size() == 1);
}

TEMPLATE_TEST_CASE("the first proposal of a secret is kept", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  CHECK(place.open()->secret("signing", bytes("first")).value() == bytes("first"));
  const auto store = place.open();
  CHECK(store->secret("signing", bytes("second")).value() == bytes("first"));
  CHECK(store->secret("other", bytes("third")).value() == bytes("third"));
}

TEMPLATE_TEST_CASE("a sealed backup belongs to its owner", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  SealedBackup backup{{}, bytes("sealed"), noon};
  backup.owner[0] = std::byte{1};
  CHECK_FALSE(store->sealed("id").value());
  REQUIRE(store->put_sealed("id", backup));
  CHECK(store->sealed("id").value()->bytes == bytes("sealed"));
  backup.bytes = bytes("newer");
  backup.stored = noon + 1;
  REQUIRE(store->put_sealed("id", backup));
  auto stranger = backup;
  stranger.owner[0] = std::byte{2};
  stranger.bytes = bytes("stranger's");
  CHECK(store->put_sealed("id", stranger).error().code == ErrorCode::mismatch);
  CHECK(store->remove_sealed("id", stranger.owner).error().code == ErrorCode::mismatch);
  const auto kept = store->sealed("id").value();
  REQUIRE(kept);
  CHECK(kept->bytes == bytes("newer"));
  CHECK(kept->owner == backup.owner);
  CHECK(kept->stored == noon + 1);
  CHECK_FALSE(store->remove_sealed("other", backup.owner).value());
  CHECK(store->remove_sealed("id", backup.owner).value());
  CHECK_FALSE(store->sealed("id").value());

  REQUIRE(store->put_sealed("id", backup));
  REQUIRE(store->clean(noon, 0, noon + 1));
  CHECK(store->sealed("id").value());
  REQUIRE(store->clean(noon, 0, noon + 2));
  CHECK_FALSE(store->sealed("id").value());
}

TEMPLATE_TEST_CASE("figures replace those of their period, server and version", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  const std::vector<FiguresRow> rows = {
      {100, "s1", "v1", "{\"hits\":1}"}, {100, "s2", "v1", "2"}, {200, "s1", "v1", "3"}, {200, "s1", "v2", "4"}};
  REQUIRE(store->put_figures(rows));
  REQUIRE(store->put_figures(std::vector<FiguresRow>{{200, "s1", "v1", "5"}, {200, "s1", "v1", "6"}}));
  REQUIRE(store->put_figures({}));
  const auto all = store->figures(0).value();
  REQUIRE(all.size() == 4);
  CHECK(all[0].values == "{\"hits\":1}");
  CHECK(all[1].server == "s2");
  CHECK(all[2].values == "6");
  CHECK(all[3].version == "v2");
  CHECK(store->figures(101).value().size() == 2);
  REQUIRE(store->clean(noon, 200, 0));
  CHECK(store->figures(0).value().size() == 2);
}

TEMPLATE_TEST_CASE("the size counts users, and events that no snapshot has", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  const auto head = append(*store, request("ann", {event("1"), event("2"), event("3")})).head;
  append(*store, request("bob", {event("1")}));
  save(*store, "ann", head.generation, 2, "state");
  const auto size = store->size().value();
  CHECK(size.users == 2);
  CHECK(size.events == 2);
  CHECK(size.bytes > 4096);
  CHECK(size.schema >= 1);
}

TEMPLATE_TEST_CASE("users are counted by the model of their snapshot", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  CHECK(store->users_of(7).value() == 0);
  for (const std::string user : {"ann", "bob", "cid"}) {
    const Appended appended = append(*store, request(user, {event("a")}));
    if (user != "cid") save(*store, user, appended.head.generation, 1, "state");
  }
  CHECK(store->users_of(7).value() == 2);
  const UserHead head = store->head("bob").value();
  REQUIRE(store->replace("bob", head, {0, 0xfedcba9876543210, bytes("other")}));
  CHECK(store->users_of(7).value() == 1);
  CHECK(store->users_of(0xfedcba9876543210).value() == 1);
  CHECK(store->users_of(0).value() == 0);
  REQUIRE(store->forget("ann", noon));
  CHECK(store->users_of(7).value() == 0);
}
