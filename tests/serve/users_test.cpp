// Users' states and lists are those of the library alone, whatever is in memory and whatever is stored.
#include "shop.hpp"

#include <sotto/base/random.hpp>

#include <thread>

using namespace sotto;
using namespace sotto::test;

namespace {

constexpr std::array<const char*, feedback_kinds> kinds{"impression", "click",  "dwell",   "cart",    "favourite",
                                                        "purchase",   "rating", "dismiss", "not_this"};

struct Done {
  std::uint32_t item;
  std::uint32_t kind;
  float amount;
  std::int64_t at;
};

// Mostly clicks. Times run on, stand still, and sometimes go back.
Done random_event(Random& random, std::int64_t& time, std::uint32_t items) {
  const std::uint32_t kind = random.below(3) == 0 ? random.below(feedback_kinds) : 1;
  time += random.below(4) == 0 ? random.below(90'000) : random.below(100);
  const std::int64_t at = random.below(10) == 0 ? time - 5000 : time;
  return {random.below(items), kind, static_cast<float>(random.below(5)) / 4, at};
}

Json event_json(const Done& event) {
  return {{"id", item_id(event.item)}, {"kind", kinds[event.kind]}, {"amount", event.amount}, {"at", event.at}};
}

void take(Page& page, const Done& event) {
  REQUIRE(page.session().feedback(event.item, static_cast<FeedbackKind>(event.kind), event.amount, event.at));
}

}  // namespace

TEST_CASE("states and lists are the library's own, through evictions, snapshots and restarts") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(1);
  ShopModels models(model);
  constexpr std::size_t users = 12;
  const std::uint64_t seed = 20'261'129;
  CAPTURE(seed);
  Random random(seed);
  std::vector<Page> pages;
  for (std::size_t user = 0; user < users; ++user) pages.emplace_back(model);
  std::int64_t time = 1'600'000'000;
  for (int restart = 0; restart < 4; ++restart) {
    // 64 shards have one user each at least, so that some of the twelve share a place and are evicted.
    Shop shop(store, models, {.users_in_memory = 1, .snapshot_every = 5});
    for (int round = 0; round < 120; ++round) {
      const std::size_t user = random.below(users);
      const std::string name = "user" + std::to_string(user);
      Json events = Json::array();
      for (std::uint32_t n = 1 + random.below(4); n > 0; --n) {
        const Done event = random_event(random, time, 40);
        take(pages[user], event);
        events.push_back(event_json(event));
      }
      const auto answer = shop.post("/v1/events", {{"user", name}, {"events", events}});
      REQUIRE(answer.status == 200);
      CHECK(answer.json()["accepted"] == events.size());
      if (random.below(3) == 0) {
        const auto list = shop.post("/v1/recommend", {{"user", name}, {"k", 7}});
        REQUIRE(list.status == 200);
        CHECK(list.json()["recommendations"] == pages[user].list(shop.now, 7));
      }
      if (random.below(5) == 0) CHECK(shop.state(name) == pages[user].state());
    }
    shop.save();
    for (std::size_t user = 0; user < users; ++user) {
      CHECK(shop.state("user" + std::to_string(user)) == pages[user].state());
    }
  }
  CHECK(store.check()->empty());
}

TEST_CASE("requests from many threads are answered as one after the other") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(2);
  ShopModels models(model);
  Shop shop(store, models, {.users_in_memory = 64, .snapshot_every = 3});
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (std::uint32_t thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      // Each thread has users of its own, and a user whom all have.
      Random random(thread);
      std::int64_t time = 1'600'000'000;
      Page page(model);
      const std::string name = "own" + std::to_string(thread);
      for (int round = 0; round < 60; ++round) {
        const Done event = random_event(random, time, 40);
        if (!page.session().feedback(event.item, static_cast<FeedbackKind>(event.kind), event.amount, event.at))
          ++failures;
        Json body = event_json(event);
        body["user"] = name;
        if (shop.post("/v1/events", body).status != 200) ++failures;
        if (shop.post("/v1/events", {{"user", "all"}, {"id", "item-1"}, {"at", 5}}).status != 200) ++failures;
        if (shop.post("/v1/recommend", {{"user", name}, {"k", 5}}).json()["recommendations"] != page.list(shop.now, 5))
          ++failures;
      }
      if (shop.ask("GET", "/v1/users/" + name + "/state").bytes() != page.state()) ++failures;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  Page all(model);
  for (int event = 0; event < 360; ++event) REQUIRE(all.session().observe(1, 5));
  CHECK(shop.state("all") == all.state());
}

TEST_CASE("another server's events are seen on a shared store") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  store.shared = true;
  const auto model = shop_model(3);
  ShopModels models(model);
  Shop one(store, models);
  Shop other(store, models);
  Page page(model);
  std::int64_t time = 1'600'000'000;
  Random random(9);
  for (int round = 0; round < 60; ++round) {
    const Done event = random_event(random, time, 40);
    take(page, event);
    Json body = event_json(event);
    body["user"] = "ada";
    REQUIRE((round % 3 == 0 ? one : other).post("/v1/events", body).status == 200);
    CHECK((round % 2 == 0 ? one : other).state("ada") == page.state());
  }
  REQUIRE(one.ask("DELETE", "/v1/users/ada/state").status == 204);
  CHECK(other.ask("GET", "/v1/users/ada/state").code() == "unknown_user");
}

TEST_CASE("a user in memory is not read again") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  ShopModels models(shop_model(4));
  Shop shop(store, models);
  REQUIRE(shop.post("/v1/recommend", {{"user", "ada"}}).status == 200);
  REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-1"}}).status == 200);
  REQUIRE(shop.post("/v1/recommend", {{"user", "ada"}}).status == 200);
  const int loads = store.loads;
  for (int round = 0; round < 20; ++round) {
    REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-2"}}).status == 200);
    REQUIRE(shop.post("/v1/recommend", {{"user", "ada"}}).status == 200);
  }
  CHECK(store.loads == loads);
}

TEST_CASE("more events than wait in memory are read from the store") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(5);
  ShopModels models(model);
  Shop shop(store, models, {.snapshot_every = 100'000});
  Page page(model);
  REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-3"}, {"at", 9}}).status == 200);
  REQUIRE(page.session().observe(3, 9));
  CHECK(shop.state("ada") == page.state());
  for (std::size_t batch = 0; batch < 3; ++batch) {
    Json events = Json::array();
    for (std::uint32_t n = 0; n < 200; ++n) {
      events.push_back({{"id", item_id(n % 40)}, {"at", 10 + n}});
      REQUIRE(page.session().observe(n % 40, 10 + n));
    }
    REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"events", events}}).status == 200);
  }
  CHECK(shop.state("ada") == page.state());
}
