#include <sotto/serve/feedback_figures.hpp>
#include <sotto/serve/timeline.hpp>

#include "scripted_store.hpp"
#include "small_models.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <numeric>
#include <thread>
#include <vector>

using sotto::test::ScriptedStore;
using sotto::test::small_model;

namespace sotto::serve {
namespace {

constexpr std::int64_t noon = 1'767'225'600 + 12 * 3600;

const ModelPointer& version_a() {
  static const ModelPointer model = small_model(1);
  return model;
}
const ModelPointer& version_b() {
  static const ModelPointer model = small_model(2);
  return model;
}

std::vector<ItemIndex> first_items(std::size_t count) {
  std::vector<ItemIndex> items(count);
  std::iota(items.begin(), items.end(), 0U);
  return items;
}

Recommendation list_of(const LoadedModel& version) { return {noon, {version.fingerprint(), first_items(10)}, {}}; }

Figures stored(const ScriptedStore& store, const LoadedModel& version) {
  Figures sum;
  for (const auto& [key, values] : store.rows) {
    if (std::get<2>(key) != version.version()) continue;
    const auto figures = figures_from_text(values);
    REQUIRE(figures.ok());
    sum.add(*figures);
  }
  return sum;
}

}  // namespace

TEST_CASE("figures reach the store by version and hour") {
  ScriptedStore store;
  FeedbackFigures feedback("s1");
  feedback.shown(*version_a(), first_items(12), 1500, noon);
  feedback.shown(*version_a(), first_items(3), 2500, noon + 3600);
  feedback.chosen(list_of(*version_a()), {3, std::nullopt}, noon + 10);
  feedback.chosen(list_of(*version_a()), {30, std::nullopt}, noon + 20);
  feedback.shown(*version_b(), first_items(10), 900, noon);
  REQUIRE(feedback.flush(store, noon + 3600).ok());

  CHECK(store.rows.size() == 3);
  const Figures a = stored(store, *version_a());
  CHECK(a.lists == 2);
  CHECK(a.choices.count == 2);
  CHECK(a.choices.hits == 1);
  CHECK(a.choices.reciprocal_rank == 0.25);
  CHECK(a.items.count() == 10);  // coverage is of the first ten
  CHECK(a.items.coverage() == 0.25);
  CHECK(a.latency.total() == 2);
  CHECK(stored(store, *version_b()).lists == 1);
  const auto totals = feedback.totals();
  CHECK(totals.at(version_a()->fingerprint()).lists == 2);
}

TEST_CASE("a flush without news writes nothing, and one with news replaces its row") {
  ScriptedStore store;
  FeedbackFigures feedback("s1");
  for (int i = 1; i <= 3; ++i) {
    feedback.shown(*version_a(), first_items(1), 100, noon);
    REQUIRE(feedback.flush(store, noon).ok());
    REQUIRE(feedback.flush(store, noon).ok());
    CHECK(store.writes == i);
    CHECK(store.rows.size() == 1);
    CHECK(stored(store, *version_a()).lists == static_cast<std::uint64_t>(i));
  }
}

TEST_CASE("a flush that fails loses nothing and counts nothing twice") {
  ScriptedStore store;
  FeedbackFigures feedback("s1");
  feedback.shown(*version_a(), first_items(1), 100, noon);
  store.failure = Error{ErrorCode::io, "the disk is full"};
  CHECK_FALSE(feedback.flush(store, noon).ok());
  feedback.shown(*version_a(), first_items(1), 100, noon);
  CHECK_FALSE(feedback.flush(store, noon + 100'000).ok());
  store.failure.reset();
  REQUIRE(feedback.flush(store, noon + 100'000).ok());
  CHECK(stored(store, *version_a()).lists == 2);
}

TEST_CASE("servers and restarts add up") {
  ScriptedStore store;
  for (const char* server : {"s1", "s2", "s3"}) {
    FeedbackFigures feedback(server);
    feedback.shown(*version_a(), first_items(5), 100, noon);
    REQUIRE(feedback.flush(store, noon).ok());
    feedback.shown(*version_a(), first_items(5), 100, noon);
    REQUIRE(feedback.flush(store, noon).ok());
    feedback.shown(*version_a(), first_items(5), 100, noon);  // lost: the process ends before the next flush
  }
  CHECK(stored(store, *version_a()).lists == 6);
  CHECK(stored(store, *version_a()).items.count() == 5);
}

TEST_CASE("a clock that is set back does not replace what was written") {
  ScriptedStore store;
  FeedbackFigures feedback("s1");
  feedback.shown(*version_a(), first_items(1), 100, noon);
  REQUIRE(feedback.flush(store, noon).ok());
  feedback.shown(*version_a(), first_items(1), 100, noon + 24 * 3600);
  REQUIRE(feedback.flush(store, noon + 24 * 3600).ok());
  feedback.shown(*version_a(), first_items(1), 100, noon);
  REQUIRE(feedback.flush(store, noon).ok());
  CHECK(store.rows.size() == 3);
  CHECK(stored(store, *version_a()).lists == 3);
}

TEST_CASE("a shadow's figures are its own, on the same choices") {
  ScriptedStore store;
  FeedbackFigures feedback("s1");
  Recommendation list = list_of(*version_a());
  list.shadow = ShownList{version_b()->fingerprint(), {20, 21}};
  feedback.chosen(list, {2, 21}, noon);
  feedback.chosen(list, {20, 20}, noon);
  REQUIRE(feedback.flush(store, noon).ok());
  const Figures a = stored(store, *version_a());
  const Figures b = stored(store, *version_b());
  CHECK(a.choices.count == 2);
  CHECK(a.choices.hits == 1);
  CHECK(a.as_shadow.shown.count == 0);
  CHECK(b.choices.count == 0);
  CHECK(b.as_shadow.shown.hits == 1);
  CHECK(b.as_shadow.shadow.hits == 2);
  CHECK(b.as_shadow.only_shadow == 1);
}

TEST_CASE("many threads count while others flush") {
  ScriptedStore store;
  FeedbackFigures feedback("s1");
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 6; ++thread) {
      threads.emplace_back([&feedback] {
        for (int i = 0; i < 2'000; ++i) {
          feedback.shown(*version_a(), first_items(10), i, noon + i);
          feedback.chosen(list_of(*version_a()), {static_cast<ItemIndex>(i % 20), std::nullopt}, noon + i);
        }
      });
    }
    for (int i = 0; i < 50; ++i) {
      CHECK(feedback.flush(store, noon).ok());
      static_cast<void>(feedback.totals());
    }
  }
  REQUIRE(feedback.flush(store, noon).ok());
  const Figures figures = stored(store, *version_a());
  CHECK(figures.lists == 12'000);
  CHECK(figures.choices.count == 12'000);
  CHECK(figures.choices.hits == 6'000);
  CHECK(figures.latency.total() == 12'000);
}

TEST_CASE("a timeline has a point for each hour, for six, or for a day") {
  FeedbackFigures feedback("s1");
  for (std::int64_t hour = 0; hour < 24 * 30; ++hour) {
    feedback.shown(*version_a(), first_items(2), 100, noon - hour * 3600);
  }
  ScriptedStore store;
  REQUIRE(feedback.flush(store, noon).ok());
  const auto points_of = [&](std::int64_t hours) {
    Timeline timeline(noon, hours);
    timeline.add(*store.figures(timeline.since()));
    const nlohmann::json document = timeline.document();
    REQUIRE(document["versions"].size() == 1);
    CHECK(document["versions"][0]["version"] == version_a()->version());
    CHECK(document["unreadable_rows"] == 0);
    return document["versions"][0]["points"];
  };
  CHECK(points_of(1).size() == 1);
  CHECK(points_of(24).size() == 24);
  CHECK(points_of(168).size() == 28);
  CHECK(points_of(720).size() == 30);
  const nlohmann::json last = points_of(24).back();
  CHECK(last["at"] == noon);
  CHECK(last["lists"] == 1);
  CHECK(last["coverage"] == 0.05);
  CHECK(last["hit_rate"].is_null());
  CHECK(points_of(168)[1]["lists"] == 6);
}

TEST_CASE("rows that cannot be read are counted, and the others shown") {
  Timeline timeline(noon, 24);
  timeline.add(std::vector<store::FiguresRow>{{noon, "s1", "a", R"({"lists":2})"},
                                              {noon, "s2", "a", "{"},
                                              {noon, "s3", "a", R"({"lists":3})"},
                                              {noon - 100 * 3600, "s1", "a", R"({"lists":9})"}});
  const nlohmann::json document = timeline.document();
  CHECK(document["unreadable_rows"] == 1);
  CHECK(document["versions"][0]["total"]["lists"] == 5);
}

TEST_CASE("a candidate is compared with the current version, a shadow with what was shown") {
  FeedbackFigures feedback("s1");
  const ModelPointer shadow = small_model(3);
  Recommendation shadowed = list_of(*version_a());
  shadowed.shadow = ShownList{shadow->fingerprint(), {20}};
  for (int i = 0; i < 400; ++i) {
    feedback.chosen(shadowed, {i % 4 == 0 ? 0U : 35U, i % 8 == 1 ? 20U : 35U}, noon);
    feedback.chosen(list_of(*version_b()), {i % 2 == 0 ? 0U : 35U, std::nullopt}, noon);
  }
  ScriptedStore store;
  REQUIRE(feedback.flush(store, noon).ok());
  Timeline timeline(noon, 24);
  timeline.add(*store.figures(timeline.since()));
  const auto deployment = test::deployment_of(version_a(), version_b(), shadow);
  const nlohmann::json comparisons = timeline.comparisons(*deployment);
  REQUIRE(comparisons.size() == 2);
  CHECK(comparisons[0]["kind"] == "candidate");
  CHECK(comparisons[0]["version"] == version_b()->version());
  CHECK(comparisons[0]["against"] == version_a()->version());
  CHECK(comparisons[0]["hit_rate"]["value"].get<double>() == Catch::Approx(0.25));
  CHECK(comparisons[0]["hit_rate"]["low"].get<double>() > 0);
  CHECK(comparisons[1]["kind"] == "shadow");
  CHECK(comparisons[1]["choices"] == 400);
  CHECK(comparisons[1]["hit_rate"]["value"].get<double>() == Catch::Approx(-0.125));
  CHECK(comparisons[1]["hit_rate"]["high"].get<double>() < 0);

  const nlohmann::json too_few = Timeline(noon, 24).comparisons(*deployment);
  CHECK(too_few[0]["hit_rate"].is_null());
  CHECK(too_few[1]["hit_rate"].is_null());
}

}  // namespace sotto::serve
