// States come and go, are merged and forgotten, and follow a change of the model's version.
#include "shop.hpp"

#include <thread>

using namespace sotto;
using namespace sotto::test;

namespace {

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void observe(Page& page, std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t item = begin; item < end; ++item) REQUIRE(page.session().observe(item, 1000 + item));
}

ShopAnswer click(Shop& shop, const std::string& user, std::uint32_t item, std::int64_t at) {
  return shop.post("/v1/events", {{"user", user}, {"id", item_id(item)}, {"at", at}});
}

// What a page has after its model's version has changed.
void carry_over(Page& page, const std::vector<std::byte>& state, const serve::LoadedModel& from,
                const serve::LoadedModel& to) {
  REQUIRE(page.session().carry_over_state(state, to.pairs_from(from)));
  CHECK(page.session().relearn(100'000) == 0);
}

}  // namespace

TEST_CASE("a page's state is put, used, merged and got") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(31);
  ShopModels models(model);
  Shop shop(store, models);
  Page page(model);
  observe(page, 2, 12);
  REQUIRE(click(shop, "ada", 30, 5).status == 200);
  CHECK(shop.ask("PUT", "/v1/users/ada/state", text_of(page.state())).status == 204);
  CHECK(shop.state("ada") == page.state());
  REQUIRE(click(shop, "ada", 13, 2000).status == 200);
  REQUIRE(page.session().observe(13, 2000));
  CHECK(shop.state("ada") == page.state());

  Page other(model);
  observe(other, 20, 24);
  const auto merged = shop.ask("POST", "/v1/users/ada/merge", text_of(other.state()));
  REQUIRE(merged.status == 200);
  REQUIRE(page.session().merge_state(other.state()));
  CHECK(merged.bytes() == page.state());
  CHECK(shop.state("ada") == page.state());
  const auto fresh = shop.ask("POST", "/v1/users/eve/merge", text_of(other.state()));
  Page nobody(model);
  REQUIRE(nobody.session().merge_state(other.state()));
  CHECK(fresh.bytes() == nobody.state());

  // The same from the store alone.
  Shop again(store, models);
  CHECK(again.state("ada") == page.state());
  CHECK(again.state("eve") == nobody.state());
}

TEST_CASE("bytes that are no state are refused and change nothing") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(32);
  ShopModels models(model);
  Shop shop(store, models);
  Page page(model);
  observe(page, 2, 8);
  const std::string sound = text_of(page.state());
  REQUIRE(shop.ask("PUT", "/v1/users/ada/state", sound).status == 204);
  std::string flipped = sound;
  flipped[60] = static_cast<char>(flipped[60] ^ 1);
  for (const std::string& bad : {std::string(), flipped, sound.substr(1), sound.substr(0, sound.size() - 1)}) {
    for (const auto& [method, path] :
         {std::pair("PUT", "/v1/users/ada/state"), std::pair("POST", "/v1/users/ada/merge")}) {
      const auto answer = shop.ask(method, path, bad);
      CHECK(answer.status == 400);
      CHECK(answer.code() == "bad_state");
    }
  }
  Page foreign(shop_model(33));
  observe(foreign, 2, 8);
  const auto answer = shop.ask("PUT", "/v1/users/ada/state", text_of(foreign.state()));
  CHECK(answer.status == 409);
  CHECK(answer.code() == "model_version_missing");
  CHECK(shop.state("ada") == page.state());
}

TEST_CASE("a forgotten user is unknown, and later events are a new user's") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(34);
  ShopModels models(model);
  Shop shop(store, models);
  for (std::uint32_t item = 0; item < 10; ++item) REQUIRE(click(shop, "ada", item, 100 + item).status == 200);
  REQUIRE(shop.post("/v1/recommend", {{"user", "ada"}}).status == 200);
  CHECK(shop.ask("DELETE", "/v1/users/ada/state").status == 204);
  CHECK(shop.ask("DELETE", "/v1/users/ada/state").status == 204);
  const auto unknown = shop.ask("GET", "/v1/users/ada/state");
  CHECK(unknown.status == 404);
  CHECK(unknown.code() == "unknown_user");
  CHECK(click(shop, "ada", 3, 500).json()["events"] == 1);
  Page page(model);
  REQUIRE(page.session().observe(3, 500));
  CHECK(shop.state("ada") == page.state());
}

TEST_CASE("a user who is forgotten amid events is whole or new, never half") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(35);
  ShopModels models(model);
  Shop shop(store, models, {.snapshot_every = 2});
  std::atomic<bool> stops{false};
  std::thread writer([&] {
    while (!stops) (void)click(shop, "ada", 1, 7);
  });
  for (int round = 0; round < 40; ++round) {
    CHECK(shop.ask("DELETE", "/v1/users/ada/state").status == 204);
    (void)shop.post("/v1/recommend", {{"user", "ada"}});
  }
  stops = true;
  writer.join();
  REQUIRE(click(shop, "ada", 1, 7).status == 200);
  const auto stored = store.head("ada");
  REQUIRE(stored);
  Page page(model);
  for (std::uint64_t event = 0; event < stored->last; ++event) REQUIRE(page.session().observe(1, 7));
  CHECK(shop.state("ada") == page.state());
  CHECK(Shop(store, models).state("ada") == page.state());
}

TEST_CASE("users follow a new version, and their states are saved with it") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto old_version = shop_model(36);
  const auto new_version = shop_model(37, 30);
  ShopModels models(old_version);
  Page before(old_version);
  Page after(new_version);
  {
    Shop shop(store, models, {.snapshot_every = 4});
    for (std::uint32_t item = 20; item < 40; ++item) {
      REQUIRE(click(shop, "ada", item, 1000 + item).status == 200);
      REQUIRE(before.session().observe(item, 1000 + item));
    }
    CHECK(shop.ask("PUT", "/v1/users/ada/state", text_of(before.state())).status == 204);
    serve::Deployment deployment;
    deployment.current = new_version;
    deployment.previous = old_version;
    models.deploy(std::move(deployment));
    carry_over(after, before.state(), *old_version, *new_version);
    CHECK(shop.state("ada") == after.state());
    const auto list = shop.post("/v1/recommend", {{"user", "ada"}, {"k", 30}}).json();
    CHECK(list["recommendations"] == after.list(shop.now, 30));
    CHECK(list["model"]["version"] == new_version->version());
    CHECK(click(shop, "ada", 35, 2000).json()["unknown_items"] == 1);
    REQUIRE(click(shop, "ada", 25, 2000).status == 200);
    REQUIRE(after.session().observe(25, 2000));
    CHECK(shop.state("ada") == after.state());
    // A page with the old version moves here.
    CHECK(shop.ask("PUT", "/v1/users/eve/state", text_of(before.state())).status == 204);
    Page moved(new_version);
    carry_over(moved, before.state(), *old_version, *new_version);
    CHECK(shop.state("eve") == moved.state());
  }
  // Once it is saved, the old version is no longer needed.
  models.remove(old_version->fingerprint());
  Shop shop(store, models);
  CHECK(shop.state("ada") == after.state());
}

TEST_CASE("a state of a version that is missing is refused by name and kept") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto old_version = shop_model(38);
  ShopModels models(old_version);
  Page page(old_version);
  observe(page, 0, 9);
  REQUIRE(Shop(store, models).ask("PUT", "/v1/users/ada/state", text_of(page.state())).status == 204);
  serve::Deployment deployment;
  deployment.current = shop_model(39);
  models.deploy(deployment);
  models.remove(old_version->fingerprint());
  {
    Shop shop(store, models);
    for (int round = 0; round < 2; ++round) {
      const auto refused = shop.post("/v1/recommend", {{"user", "ada"}});
      CHECK(refused.status == 503);
      CHECK(refused.code() == "model_version_missing");
      CHECK(refused.body.find(old_version->version()) != std::string::npos);
    }
    CHECK(shop.ask("GET", "/v1/users/ada/state").status == 503);
    CHECK(shop.post("/v1/recommend", {{"user", "eve"}}).status == 200);
  }
  deployment.current = old_version;
  models.deploy(deployment);
  CHECK(Shop(store, models).state("ada") == page.state());
}

TEST_CASE("no answer mixes versions while the version changes") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const std::vector<serve::ModelPointer> versions{shop_model(40), shop_model(41)};
  ShopModels models(versions.front());
  Shop shop(store, models);
  std::map<std::string, Json> expected;
  for (const auto& version : versions) expected[version->version()] = Page(version).list(shop.now, 10, {}, true);
  std::atomic<bool> stops{false};
  std::thread changer([&] {
    for (std::size_t turn = 0; !stops; ++turn) {
      serve::Deployment deployment;
      deployment.current = versions[turn % 2];
      deployment.previous = versions[1 - turn % 2];
      models.deploy(std::move(deployment));
    }
  });
  for (int round = 0; round < 300; ++round) {
    const Json answer = shop.post("/v1/recommend", Json::object()).json();
    const auto found = expected.find(answer["model"]["version"].get<std::string>());
    REQUIRE(found != expected.end());
    CHECK(answer["recommendations"] == found->second);
  }
  stops = true;
  changer.join();
}
