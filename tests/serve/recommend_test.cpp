// Lists for requests with events, filters and explanations, alone and together.
#include "shop.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/diverse_ranking.hpp>
#include <sotto/runtime/explanation.hpp>

using namespace sotto;
using namespace sotto::test;

namespace {

Json events_json(const std::vector<std::uint32_t>& items, std::int64_t at) {
  Json events = Json::array();
  for (const std::uint32_t item : items) events.push_back({{"id", item_id(item)}, {"at", at++}});
  return events;
}

void recall(Page& page, const std::vector<std::uint32_t>& items, std::int64_t at) {
  for (const std::uint32_t item : items) {
    REQUIRE(page.session().recall({&item, 1}, {&at, 1}));
    ++at;
  }
}

Json list_of(const ShopAnswer& answer) {
  REQUIRE(answer.status == 200);
  return answer.json()["recommendations"];
}

}  // namespace

TEST_CASE("events in the body are recalled as a page recalls them") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(11);
  ShopModels models(model);
  Shop shop(store, models);
  Page page(model);
  const std::vector<std::uint32_t> items{3, 4, 5, 3, 17};
  recall(page, items, 100);
  const auto answer = shop.post("/v1/recommend", {{"events", events_json(items, 100)}, {"k", 6}});
  CHECK(list_of(answer) == page.list(shop.now, 6));
  const Json document = answer.json();
  CHECK(document["model"] == Json{{"name", "shop"}, {"version", model->version()}});
  CHECK(document["unknown_items"] == 0);
  CHECK(document["took_us"].is_number_unsigned());
  CHECK(shop.loop.lists == 1);

  // Other kinds than clicks are taken as feedback.
  const auto mixed =
      shop.post("/v1/recommend", {{"events", {"item-1", {{"id", "item-2"}, {"kind", "not_this"}}}}, {"k", 40}});
  Page other(model);
  const std::int64_t now = shop.now;
  const ItemIndex first = 1;
  REQUIRE(other.session().recall({&first, 1}, {&now, 1}));
  REQUIRE(other.session().feedback(2, FeedbackKind::not_this, 0, now));
  CHECK(list_of(mixed) == other.list(now, 40));
  CHECK(list_of(mixed).size() == 39);
}

TEST_CASE("events in the body come after the user's own and are not kept") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(12);
  ShopModels models(model);
  Shop shop(store, models);
  Page page(model);
  REQUIRE(shop.post("/v1/events", {{"user", "ada"}, {"events", events_json({1, 2, 3}, 50)}}).status == 200);
  for (std::uint32_t item = 1; item <= 3; ++item) REQUIRE(page.session().observe(item, 49 + item));
  const auto before = page.state();
  Page with(model);
  REQUIRE(with.session().import_state(before));
  recall(with, {9, 8}, 60);
  CHECK(list_of(shop.post("/v1/recommend", {{"user", "ada"}, {"events", events_json({9, 8}, 60)}})) ==
        with.list(shop.now, 10));
  CHECK(shop.state("ada") == before);
  CHECK(list_of(shop.post("/v1/recommend", {{"user", "ada"}})) == page.list(shop.now, 10));
}

TEST_CASE("without user and events the list is what everybody likes") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(13);
  ShopModels models(model);
  Shop shop(store, models);
  Page page(model);
  CHECK(list_of(shop.post("/v1/recommend", Json::object())) == page.list(shop.now, 10, {}, true));
  // Nobody was stored by asking.
  CHECK(list_of(shop.post("/v1/recommend", {{"user", "stranger"}})) == page.list(shop.now, 10));
  CHECK(shop.ask("GET", "/v1/users/stranger/state").code() == "unknown_user");
}

TEST_CASE("filters narrow a list as in the package") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(14);
  ShopModels models(model);
  Shop shop(store, models);
  Page page(model);
  recall(page, {6, 7}, 10);
  const auto ask = [&](Json filter) {
    filter["events"] = events_json({6, 7}, 10);
    filter["k"] = 40;
    return shop.post("/v1/recommend", filter);
  };
  std::vector<std::uint8_t> toys(40), books(40), few(40);
  for (std::uint32_t item = 0; item < 40; ++item) {
    toys[item] = item % 3 != 2;
    books[item] = item % 3 == 1;
  }
  few[1] = few[2] = few[4] = 1;
  CHECK(list_of(ask({{"categories", {"toys"}}})) == page.list(shop.now, 40, {.allowed = toys}));
  CHECK(list_of(ask({{"categories", {"books", "no such"}}})) == page.list(shop.now, 40, {.allowed = books}));
  CHECK(list_of(ask({{"categories", {"no such"}}})).empty());
  CHECK(list_of(ask({{"among", Json::array()}})).empty());
  const auto among = ask({{"among", {"item-1", "item-2", "item-4", "item-999"}}});
  CHECK(list_of(among) == page.list(shop.now, 40, {.allowed = few}));
  CHECK(among.json()["unknown_items"] == 1);
  few[2] = 0;
  CHECK(list_of(ask({{"among", {"item-1", "item-2", "item-4"}}, {"categories", {"toys"}}})) ==
        page.list(shop.now, 40, {.allowed = few}));
  const std::vector<ItemIndex> excluded{0, 5};
  const auto without = ask({{"exclude", {"item-0", "item-5", "x", "y"}}});
  CHECK(list_of(without) == page.list(shop.now, 40, {.exclude = excluded}));
  CHECK(without.json()["unknown_items"] == 2);
  // The mask of one request does not stay for the next one.
  CHECK(list_of(ask(Json::object())) == page.list(shop.now, 40));

  Json diverse{{"events", events_json({6, 7}, 10)}, {"diversity", 0.3}, {"k", 8}};
  CHECK(list_of(shop.post("/v1/recommend", diverse)) ==
        page.list(shop.now, 8, {.diversity = static_cast<std::int32_t>(std::lround(0.3 * max_diversity))}));
}

TEST_CASE("an explanation names the events that speak for an item") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(15);
  ShopModels models(model);
  Shop shop(store, models);
  Page page(model);
  recall(page, {6, 7, 8}, 10);
  const auto answer = shop.post("/v1/recommend", {{"events", events_json({6, 7, 8}, 10)}, {"k", 5}, {"explain", true}});
  REQUIRE(answer.status == 200);
  Workspace workspace(model->engine());
  const Json document = answer.json();
  for (const Json& item : document["recommendations"]) {
    const auto reasons =
        why(model->engine(), page.user().state(), *model->find(item["id"].get<std::string>()), workspace);
    REQUIRE(reasons);
    Json expected = Json::array();
    for (const EventContribution& reason : *reasons) {
      if (reason.logit > 0) {
        expected.push_back({{"id", item_id(reason.item)}, {"logit", static_cast<double>(reason.logit) / 65'536}});
      }
    }
    CHECK(item["because"] == expected);
  }
}

TEST_CASE("requests that are computed together get the lists of each alone") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(16);
  ShopModels models(model);
  Shop shop(store, models, {.workers = 1});
  Random random(3);
  for (int round = 0; round < 5; ++round) {
    // The one worker is kept busy, so that the others wait together.
    auto busy = shop.send("POST", "/v1/recommend",
                          Json{{"events", events_json(std::vector<std::uint32_t>(1000, 3), 5)}}.dump());
    std::vector<std::pair<Json, std::future<ShopAnswer>>> waiting;
    for (int n = 0; n < 40; ++n) {
      std::vector<std::uint32_t> items(random.below(6));
      for (auto& item : items) item = random.below(40);
      Page page(model);
      recall(page, items, 7);
      Json body{{"events", events_json(items, 7)}, {"k", 4}};
      if (items.empty()) body = {{"k", 4}};
      const bool is_liked = n % 7 == 3;
      if (is_liked) {
        body["events"].push_back({{"id", "item-2"}, {"kind", "favourite"}, {"at", 90}});
        REQUIRE(page.session().feedback(2, FeedbackKind::favourite, 0, 90));
      }
      waiting.emplace_back(page.list(shop.now, 4, {}, items.empty() && !is_liked),
                           shop.send("POST", "/v1/recommend", body.dump()));
    }
    REQUIRE(busy.get().status == 200);
    for (auto& [expected, answer] : waiting) CHECK(list_of(answer.get()) == expected);
  }
}

TEST_CASE("a batch answers each of its users in their order") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  const auto model = shop_model(17);
  ShopModels models(model);
  Shop shop(store, models);
  std::vector<std::string> users;
  for (std::uint32_t user = 0; user < 30; ++user) {
    users.push_back("user" + std::to_string(user));
    REQUIRE(shop.post("/v1/events", {{"user", users.back()}, {"id", item_id(user)}, {"at", 5}}).status == 200);
  }
  users.push_back(users.front());
  const auto answer = shop.post("/v1/recommend/batch", {{"users", users}, {"k", 3}});
  REQUIRE(answer.status == 200);
  const Json results = answer.json()["results"];
  REQUIRE(results.size() == 31);
  for (std::uint32_t n = 0; n < 31; ++n) {
    Page page(model);
    REQUIRE(page.session().observe(n % 30, 5));
    CHECK(results[n]["user"] == users[n]);
    CHECK(results[n]["recommendations"] == page.list(shop.now, 3));
  }
  CHECK(shop.post("/v1/recommend/batch", {{"users", Json::array()}}).json()["results"].empty());
}

TEST_CASE("the tutorial's request takes indices and ids") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  for (const HeadKind head : {HeadKind::softmax, HeadKind::binary}) {
    const auto model = shop_model(18, 40, head);
    ShopModels models(model);
    Shop shop(store, models);
    Page page(model);
    recall(page, {3, 4}, shop.now);
    std::vector<std::string> ids;
    const std::int64_t now = shop.now;
    Page same(model);
    for (const ItemIndex item : {3U, 4U}) REQUIRE(same.session().recall({&item, 1}, {&now, 1}));
    for (const Json& item : same.list(now, 10)) ids.push_back(item["id"].get<std::string>());
    CHECK(shop.post("/recommend", {{"input", {3, "item-4"}}}).json() == Json{{"recommendations", ids}});
    CHECK(shop.post("/recommend", {{"input", {3, "item-4", 4000, "nothing"}}}).json()["recommendations"] == ids);
    CHECK(shop.post("/recommend", {{"input", Json::array()}, {"k", 2}}).json()["recommendations"].size() == 2);
  }
}

TEST_CASE("a model that there is not is refused") {
  const TemporaryFolder folder;
  ShopStore store(folder.path() / "sotto.db");
  ShopModels models(shop_model(19));
  Shop shop(store, models);
  CHECK(shop.post("/v1/recommend", {{"model", "shop"}}).status == 200);
  const auto answer = shop.post("/v1/recommend", {{"model", "none"}});
  CHECK(answer.status == 404);
  CHECK(answer.code() == "unknown_model");
}
