// Several threads on a store, and several stores on one database.
#include "places.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <set>
#include <thread>

using namespace sotto;
using namespace sotto::store;
using test::OnPostgres;
using test::OnSqlite;

namespace {

constexpr std::int64_t noon = 1'750'000'000;

// The stores of two servers. A SQLite file has one.
std::vector<std::unique_ptr<Store>> servers(const OnSqlite& place) {
  std::vector<std::unique_ptr<Store>> stores;
  stores.push_back(place.open());
  return stores;
}
std::vector<std::unique_ptr<Store>> servers(const OnPostgres& place) {
  std::vector<std::unique_ptr<Store>> stores;
  stores.push_back(place.open());
  stores.push_back(place.open());
  return stores;
}

// Runs `work(thread, store)` on four threads, which start together. Catch2's checks are for one thread: work counts its
// failures.
template <class Work>
void on_threads(const std::vector<std::unique_ptr<Store>>& stores, const Work& work) {
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] { work(thread, *stores[thread % stores.size()]); });
  for (std::thread& thread : threads) thread.join();
}

std::string user_name(std::size_t number) { return "user " + std::to_string(number); }

}  // namespace

TEMPLATE_TEST_CASE("threads and servers number events without gaps and doubles", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto stores = servers(place);
  constexpr std::size_t rounds = 60;
  constexpr std::size_t users = 5;
  std::atomic<int> failures = 0;
  std::array<std::vector<std::pair<std::string, UserHead>>, 4> acknowledged;
  on_threads(stores, [&](std::size_t thread, Store& store) {
    for (std::size_t round = 0; round < rounds; ++round) {
      // Every thread names the users in another order: locks must not meet in a circle.
      std::vector<Append> requests;
      for (std::size_t i = 0; i < users; ++i) {
        const auto user = user_name((i * (1 + thread) + round) % users);
        const auto item = std::to_string(thread) + "/" + std::to_string(round) + "/" + std::to_string(i);
        requests.push_back({user, {{item, noon, 1, 0}}, "", "", "", noon});
      }
      const auto results = store.append(requests);
      if (!results) {
        ++failures;
        continue;
      }
      for (std::size_t i = 0; i < users; ++i) acknowledged[thread].emplace_back(requests[i].user, (*results)[i].head);
    }
  });
  REQUIRE(failures == 0);
  std::map<std::string, std::set<std::uint64_t>> numbers;
  std::size_t count = 0;
  for (const auto& of_thread : acknowledged) {
    for (const auto& [user, head] : of_thread) {
      CHECK(numbers[user].insert(head.last).second);
      ++count;
    }
  }
  CHECK(count == 4 * rounds * users);
  std::set<std::string> items;
  for (const auto& [user, of_user] : numbers) {
    CHECK(*of_user.begin() == 1);
    CHECK(*of_user.rbegin() == of_user.size());
    const auto loaded = stores.front()->load(user).value();
    CHECK(loaded.events.size() == of_user.size());
    for (const Event& event : loaded.events) CHECK(items.insert(event.item).second);
  }
  CHECK(stores.front()->check().value().empty());
}

TEMPLATE_TEST_CASE("a key counts once, however many send it at a time", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto stores = servers(place);
  constexpr std::size_t keys = 40;
  std::atomic<int> failures = 0;
  std::atomic<int> added = 0;
  on_threads(stores, [&](std::size_t /*thread*/, Store& store) {
    for (std::size_t key = 0; key < keys; ++key) {
      const auto name = "key " + std::to_string(key);
      const Append request{user_name(key / 4), {{name, noon, 1, 0}}, name, "content", "answer " + name, noon};
      const auto results = store.append(std::span(&request, 1));
      if (!results || results->front().answer != request.answer) {
        ++failures;
      } else if (results->front().kind == Appended::Kind::added) {
        ++added;
      }
    }
  });
  CHECK(failures == 0);
  CHECK(added == keys);
  for (std::size_t user = 0; user < keys / 4; ++user)
    CHECK(stores.front()->load(user_name(user)).value().events.size() == 4);
}

TEMPLATE_TEST_CASE("of those who replace a state at a time, one succeeds", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto stores = servers(place);
  constexpr int rounds = 40;
  std::atomic<int> failures = 0;
  std::atomic<int> replaced = 0;
  on_threads(stores, [&](std::size_t thread, Store& store) {
    for (int done = 0; done < rounds;) {
      const auto head = store.head("ann");
      const auto result = head ? store.replace("ann", *head, {0, thread, {}}) : Result<UserHead>(head.error());
      if (result) {
        ++done;
        ++replaced;
      } else if (result.error().code != ErrorCode::mismatch) {
        ++failures;
        ++done;
      }
    }
  });
  CHECK(failures == 0);
  CHECK(replaced == 4 * rounds);
  // Each success made a generation. Those who came too late made none on SQLite; PostgreSQL's sequence may skip
  // numbers.
  CHECK(stores.front()->head("ann").value().generation >= 4 * rounds);
}

TEMPLATE_TEST_CASE("appending, saving, loading and forgetting go on at a time", "[store]", OnSqlite, OnPostgres) {
  const TestType place;
  const auto stores = servers(place);
  std::atomic<int> failures = 0;
  on_threads(stores, [&](std::size_t thread, Store& store) {
    for (std::size_t round = 0; round < 120; ++round) {
      const auto user = user_name(round % 3);
      const Append request{user, {{"a", noon, 1, 0}, {"b", noon, 1, 0}}, "", "", "", noon};
      if (!store.append(std::span(&request, 1))) ++failures;
      const auto loaded = store.load(user);
      if (!loaded) {
        ++failures;
        continue;
      }
      const auto at = loaded->snapshot ? loaded->snapshot->at : 0;
      if (loaded->head.last != at + loaded->events.size()) ++failures;
      if (thread == 0 && round % 20 == 19) {
        if (!store.forget(user, noon)) ++failures;
      } else if (round % 3 == thread % 3) {
        const SnapshotWrite write{user, loaded->head.generation, {loaded->head.last, 1, Bytes(2000)}};
        if (!store.save_snapshots(std::span(&write, 1))) ++failures;
      }
    }
  });
  CHECK(failures == 0);
  CHECK(stores.front()->check().value() == std::vector<std::string>{});
}
