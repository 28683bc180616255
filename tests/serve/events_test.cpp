// POST /v1/events: counted once, joined once, and nothing counted that is not stored.
#include "shop.hpp"

using namespace sotto;
using namespace sotto::test;

TEST_CASE("a repeated key counts once and answers the same") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(21);
  ShopModels models(model);
  Shop shop(store, models);
  const Json body{{"user", "ada"}, {"events", {"item-1", "item-2", "nothing"}}};
  const std::vector<http::Header> key{{"Idempotency-Key", "k1"}};
  const auto first = shop.post("/v1/events", body, key);
  CHECK(first.json() == Json{{"accepted", 2}, {"unknown_items", 1}, {"events", 2}});
  CHECK(first.header("Idempotency-Replayed").empty());
  const auto again = shop.post("/v1/events", body, key);
  CHECK(again.status == 200);
  CHECK(again.json() == first.json());
  CHECK(again.header("Idempotency-Replayed") == "true");
  const auto reused = shop.post("/v1/events", {{"user", "ada"}, {"id", "item-3"}}, key);
  CHECK(reused.status == 422);
  CHECK(reused.code() == "idempotency_key_reused");
  // The key belongs to the user.
  CHECK(shop.post("/v1/events", {{"user", "eve"}, {"id", "item-3"}}, key).json()["events"] == 1);
  CHECK(store.head("ada")->last == 2);
  for (const char* bad : {"", "a b", "\x01", "ü"}) {
    CAPTURE(bad);
    CHECK(shop.post("/v1/events", body, {{"Idempotency-Key", bad}}).code() == "bad_idempotency_key");
  }
  CHECK(shop.post("/v1/events", body, {{"Idempotency-Key", std::string(256, 'k')}}).code() == "bad_idempotency_key");
}

TEST_CASE("events on unknown items are counted and make no user") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  ShopModels models(shop_model(22));
  Shop shop(store, models);
  CHECK(shop.post("/v1/events", {{"user", "ada"}, {"id", "nothing"}}).json() ==
        Json{{"accepted", 0}, {"unknown_items", 1}, {"events", 0}});
  CHECK(store.head("ada")->generation == 0);
}

TEST_CASE("a store that fails loses nothing that was answered, and serves again later") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(23);
  ShopModels models(model);
  Shop shop(store, models, {.snapshot_every = 2});
  REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-1"}, {"at", 1}}).status == 200);
  store.fails = true;
  for (int round = 0; round < 3; ++round) {
    const auto failed = shop.post("/v1/events", {{"user", "ada"}, {"id", "item-2"}, {"at", 2}});
    CHECK(failed.status == 503);
    CHECK(failed.code() == "store_unavailable");
    CHECK(failed.header("Retry-After") == "1");
  }
  CHECK(shop.post("/v1/recommend", {{"user", "eve"}}).code() == "store_unavailable");
  CHECK(shop.ask("DELETE", "/v1/users/ada/state").code() == "store_unavailable");
  CHECK(shop.ask("PUT", "/v1/users/ada/state", "x").code() == "bad_state");
  // What needs no store goes on.
  CHECK(shop.post("/v1/recommend", {{"events", {"item-3"}}}).status == 200);
  store.fails = false;
  CHECK(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-3"}, {"at", 3}}).json()["events"] == 2);
  Page page(model);
  REQUIRE(page.session().observe(1, 1));
  REQUIRE(page.session().observe(3, 3));
  CHECK(shop.state("ada") == page.state());
}

TEST_CASE("an event that cites a list is joined with it once") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(24);
  const auto shadow = shop_model(25, 30);
  ShopModels models(model);
  serve::Deployment deployment;
  deployment.current = model;
  deployment.shadow = shadow;
  deployment.shadow_share = 1;
  models.deploy(std::move(deployment));
  Shop shop(store, models);
  const auto list = shop.post("/v1/recommend", {{"user", "ada"}, {"k", 40}});
  REQUIRE(list.status == 200);
  CHECK(list.json()["model"]["version"] == model->version());
  const std::string cited = list.json()["recommendation_id"];
  const Json event{{"id", "item-7"}, {"recommendation_id", cited}};
  Json body{{"user", "ada"},
            {"events",
             {event,
              {{"id", "item-35"}, {"kind", "purchase"}, {"recommendation_id", cited}},
              {{"id", "item-8"}, {"kind", "dismiss"}, {"recommendation_id", cited}}}}};
  REQUIRE(shop.post("/v1/events", body, {{"Idempotency-Key", "k"}}).status == 200);
  REQUIRE(shop.post("/v1/events", body, {{"Idempotency-Key", "k"}}).status == 200);
  const auto choices = shop.loop.choices();
  REQUIRE(choices.size() == 2);
  CHECK(choices[0].list.shown.version == model->fingerprint());
  REQUIRE(choices[0].list.shadow);
  CHECK(choices[0].list.shadow->version == shadow->fingerprint());
  CHECK(choices[0].choice.item == 7U);
  CHECK(choices[0].choice.in_shadow == 7U);
  CHECK(choices[1].choice.item == 35U);
  CHECK_FALSE(choices[1].choice.in_shadow);

  // A list of another user, or of nobody's making, does not keep an event from being stored.
  for (const std::string& id : {cited, std::string("nonsense")}) {
    CHECK(shop.post("/v1/events", {{"user", "eve"}, {"id", "item-1"}, {"recommendation_id", id}}).json()["accepted"] ==
          1);
  }
  CHECK(shop.loop.choices().size() == 2);
  CHECK(shop.metrics.choices_refused.value() == 2);

  // A list for nobody is good for the user who comes of it.
  const std::string anonymous = shop.post("/v1/recommend", {{"k", 3}}).json()["recommendation_id"];
  REQUIRE(shop.post("/v1/events", {{"user", "eve"}, {"id", "item-1"}, {"recommendation_id", anonymous}}).status == 200);
  CHECK(shop.loop.choices().size() == 3);
}

TEST_CASE("events without a time are of now, and late ones keep their order") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(26);
  ShopModels models(model);
  Shop shop(store, models);
  REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-1"}}).status == 200);
  REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-2"}, {"at", 5}}).status == 200);
  shop.now = 1'600'000'000;  // the server's clock was put back
  REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-3"}}).status == 200);
  CHECK(shop.post("/v1/events", {{"user", "ada"}, {"id", "item-3"}, {"at", 1'700'000'000}}).code() == "time_in_future");
  Page page(model);
  REQUIRE(page.session().observe(1, 1'700'000'000));
  REQUIRE(page.session().observe(2, 5));
  REQUIRE(page.session().observe(3, 1'600'000'000));
  CHECK(shop.state("ada") == page.state());
}
