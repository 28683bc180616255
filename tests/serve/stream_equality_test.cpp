// The same events give the same bytes in the server and in the fold of the stream.
#include "shop.hpp"

#include <sotto/data/byte_source.hpp>
#include <sotto/stream/crc32c.hpp>
#include <sotto/stream/event_log.hpp>
#include <sotto/stream/replay.hpp>

using namespace sotto;
using sotto::test::Json;

TEST_CASE("a replay of the events that a server took gives each user's state and list") {
  const test::TemporaryFolder folder;
  test::ShopStore store(folder.path() / "sotto.db");
  const auto model = test::shop_model(3);
  test::ShopModels models(model);
  test::Shop shop(store, models, {.snapshot_every = 16});

  static constexpr const char* kinds[] = {"click",  "cart",       "favourite", "purchase", "dwell",
                                          "rating", "impression", "dismiss",   "not_this"};
  std::string file;
  unsigned random = 1;
  const auto below = [&random](unsigned bound) {
    random = random * 1664525U + 1013904223U;
    return (random >> 16U) % bound;
  };
  std::int64_t at = shop.now - 200'000;
  for (int i = 0; i < 400; ++i) {
    at += below(900);
    const unsigned kind = below(3) == 0 ? below(9) : 0;
    Json event = {{"user", "user-" + std::to_string(below(7))},
                  {"id", test::item_id(below(40))},
                  {"at", static_cast<double>(at) + 0.25 - (below(12) == 0 ? 5000 : 0)},
                  {"kind", kinds[kind]}};
    if (kind == 4) event["amount"] = below(90);
    if (kind == 5) event["amount"] = static_cast<double>(below(21)) / 10.0 - 1;
    REQUIRE(shop.post("/v1/events", event).status == 200);
    file += event.dump() + "\n";
  }

  const Vocabulary vocabulary(model->catalogue());
  const auto log = stream::read_records(data::memory_source(std::as_bytes(std::span(file))), "events", vocabulary, {});
  REQUIRE(log);
  const auto replayed = stream::replay(*log, model->personal(), model->catalogue(), {.top = 10});
  REQUIRE(replayed);
  CHECK(replayed->counts.folded == 400);
  CHECK(replayed->counts.late > 0);
  REQUIRE(replayed->lines.size() == 7);
  for (const std::string& line : replayed->lines) {
    const Json user = Json::parse(line);
    CAPTURE(line);
    const std::string name = user["user"];
    CHECK(std::stoul(user["crc32c"].get<std::string>(), nullptr, 16) == stream::crc32c(shop.state(name)));
    CHECK(user["model"] == model->version());
    shop.now = user["at"].get<std::int64_t>();
    const auto answer = shop.post("/v1/recommend", {{"user", name}, {"k", 10}});
    REQUIRE(answer.status == 200);
    Json items = Json::array();
    const Json recommended = answer.json()["recommendations"];
    for (const auto& item : recommended) items.push_back(item["id"]);
    CHECK(user["items"] == items);
  }
}
