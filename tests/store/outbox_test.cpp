// The outbox: written with the events, in their order, until each entry is removed.
#include "places.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include <cstdint>
#include <thread>

using namespace sotto;
using namespace sotto::store;
using test::OnPostgres;
using test::OnSqlite;

namespace {

constexpr std::int64_t noon = 1'750'000'000;

Append request(const std::string& user, std::vector<std::string> values, const std::string& key = "") {
  Append append{user, {}, key, key, key, noon, {}};
  for (std::string& value : values) {
    append.events.push_back({"item", noon, 1, 0});
    append.outgoing.push_back(std::move(value));
  }
  return append;
}

void append(Store& store, const std::vector<Append>& requests) {
  const auto appended = store.append(requests);
  INFO((appended ? "" : appended.error().detail));
  REQUIRE(appended);
}

std::vector<OutboxEntry> entries(Store& store, std::size_t max = 100) {
  auto read = store.outbox(max);
  INFO((read ? "" : read.error().detail));
  REQUIRE(read);
  return *read;
}

std::vector<std::string> values(Store& store) {
  std::vector<std::string> all;
  for (const OutboxEntry& entry : entries(store)) all.push_back(entry.value);
  return all;
}

using Values = std::vector<std::string>;

}  // namespace

TEMPLATE_TEST_CASE("the outbox keeps events in their order until they are removed", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  {
    const auto store = place.open();
    append(*store, {request("ann", {"a1", "a2"}), request("bob", {"b1"}), request("ann", {"a3"})});
    append(*store, {{"cid", {{"item", noon, 1, 0}}, "", "", "", noon, {}}});  // not for the outbox
    append(*store, {request("bob", {"b2"})});
    CHECK(store->outbox_size().value() == 5);
    CHECK(entries(*store, 2).size() == 2);
  }
  const auto store = place.open();  // as after a crash
  const auto all = entries(*store);
  CHECK(values(*store) == Values{"a1", "a2", "b1", "a3", "b2"});
  CHECK(all[0].user == "ann");
  CHECK(all[3].user == "ann");
  CHECK(all[3].number == 3);
  CHECK(all[3].generation == store->head("ann").value().generation);
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].sequence < all[i].sequence);

  const std::vector<std::uint64_t> sent = {all[0].sequence, all[2].sequence, all[3].sequence};
  REQUIRE(store->remove_sent(sent));
  REQUIRE(store->remove_sent(sent));  // as by a server that did not hear of it
  REQUIRE(store->remove_sent({}));
  CHECK(values(*store) == Values{"a2", "b2"});
  CHECK(store->check().value().empty());
}

TEMPLATE_TEST_CASE("a snapshot leaves the outbox, a repeated request does not add to it", "[store]", OnSqlite,
                   OnPostgres) {
  const TestType place;
  const auto store = place.open();
  append(*store, {request("ann", {"a1", "a2"}, "key")});
  append(*store, {request("ann", {"a1", "a2"}, "key")});
  const UserHead head = store->head("ann").value();
  CHECK(head.last == 2);
  const SnapshotWrite write{"ann", head.generation, {2, 7, Bytes(5)}};
  REQUIRE(store->save_snapshots(std::span(&write, 1)));
  CHECK(store->load("ann").value().events.empty());
  CHECK(values(*store) == Values{"a1", "a2"});
}

TEMPLATE_TEST_CASE("a forgotten user leaves the outbox, and comes again with other names of events", "[store]",
                   OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  append(*store, {request("ann", {"a1"}), request("bob", {"b1"})});
  const auto before = entries(*store);
  REQUIRE(store->forget("ann", noon).value());
  CHECK(values(*store) == Values{"b1"});
  REQUIRE(store->forget("bob", noon).value());
  CHECK(entries(*store).empty());
  append(*store, {request("ann", {"new"})});
  const auto after = entries(*store);
  REQUIRE(after.size() == 1);
  CHECK(after[0].number == 1);
  CHECK(after[0].generation != before[0].generation);
  // Whoever removes what it read before removes nothing new.
  REQUIRE(store->remove_sent(std::vector{before[0].sequence, before[1].sequence}));
  CHECK(values(*store) == Values{"new"});
}

TEMPLATE_TEST_CASE("a request that fails leaves nothing in the outbox", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto store = place.open();
  auto half = request("ann", {"a1", "a2"});
  half.outgoing.pop_back();
  const std::vector<Append> requests = {request("bob", {"b1"}), half};
  CHECK(store->append(requests).error().code == ErrorCode::invalid_argument);
  CHECK(entries(*store).empty());
  CHECK(store->head("bob").value().last == 0);
}

TEST_CASE("one of several servers leads the outbox", "[store]") {
  const OnPostgres place;
  const auto first = place.open();
  const auto second = place.open();
  CHECK(first->lead_outbox("one", 60).value());
  CHECK_FALSE(second->lead_outbox("two", 60).value());
  CHECK(first->lead_outbox("one", 0).value());  // for no longer
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  CHECK(second->lead_outbox("two", 60).value());
  CHECK_FALSE(first->lead_outbox("one", 60).value());
}

TEST_CASE("each server of a database adds to the same outbox, each user in order", "[store]") {
  const OnPostgres place;
  const auto store = place.open();
  std::vector<std::thread> threads;
  for (int server = 0; server < 3; ++server) {
    threads.emplace_back([&place, server] {
      auto own = place.try_open();
      for (int i = 0; own && i < 20; ++i) {
        const std::vector<Append> requests = {request("ann", {"a"}), request("bob " + std::to_string(server), {"b"})};
        (void)(*own)->append(requests);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t last = 0;
  std::size_t of_ann = 0;
  for (const OutboxEntry& entry : entries(*store, 1000)) {
    if (entry.user != "ann") continue;
    CHECK(entry.number == last + 1);
    last = entry.number;
    ++of_ann;
  }
  CHECK(of_ann == store->head("ann").value().last);
  CHECK(of_ann > 0);
}
