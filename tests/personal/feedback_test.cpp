#include "visits.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace {

using sotto::FeedbackKind;
using sotto::ItemIndex;
using sotto::OwningPersonalSession;
using sotto::PersonalSession;
using sotto::test::small;
using sotto::test::state_of;

constexpr std::int64_t now = 1'700'000'000;
constexpr std::int64_t day = 86'400;

const sotto::Engine& engine() {
  static const sotto::Engine made(sotto::test::random_fixed_model(small(true), 5), 1);
  return made;
}

bool is_recommended(PersonalSession& session, ItemIndex item, std::int64_t time) {
  std::vector<sotto::ScoredItem> best(23);
  best.resize(session.recommend(time, {}, best));
  return std::ranges::find(best, item, &sotto::ScoredItem::item) != best.end();
}

// How much more than before the item's logit stands out from the others' mean.
double lead(PersonalSession& session, ItemIndex item, std::int64_t time) {
  const auto scores = session.scores(time);
  double sum = 0;
  for (const std::int32_t score : scores) sum += score;
  return scores[item] - sum / static_cast<double>(scores.size());
}

// Without a term for what was just seen, so that there is something to learn about it.
const sotto::Engine& forgetful_engine() {
  static const sotto::Engine made(sotto::test::random_fixed_model({23, 8, 8, 1, true, false}, 5), 1);
  return made;
}

}  // namespace

TEST_CASE("what the user does with the item at hand teaches more of it, and is no further event", "[personal]") {
  for (const auto& [kind, amount] : {std::pair{FeedbackKind::cart, 0.0F},
                                     {FeedbackKind::favourite, 0.0F},
                                     {FeedbackKind::purchase, 0.0F},
                                     {FeedbackKind::dwell, 30.0F},
                                     {FeedbackKind::rating, 1.0F}}) {
    OwningPersonalSession session(forgetful_engine());
    REQUIRE(session.observe(7, now).ok());
    const double before = lead(session, 7, now);
    REQUIRE(session.feedback(7, kind, amount, now + 60).ok());
    CHECK(session.user().state().events() == 1);
    CHECK(lead(session, 7, now) > before);
  }
}

TEST_CASE("a purchase of another item, or half an hour later, is an event", "[personal]") {
  OwningPersonalSession session(engine());
  REQUIRE(session.observe(7, now).ok());
  REQUIRE(session.feedback(8, FeedbackKind::purchase, 0, now + 60).ok());
  CHECK(session.user().state().events() == 2);
  REQUIRE(session.feedback(8, FeedbackKind::cart, 0, now + 60 + sotto::visit_gap_seconds).ok());
  CHECK(session.user().state().events() == 3);
}

TEST_CASE("a bad rating pushes the item away and is no event", "[personal]") {
  OwningPersonalSession session(engine());
  REQUIRE(session.observe(7, now).ok());
  const double before = lead(session, 9, now);
  REQUIRE(session.feedback(9, FeedbackKind::rating, -1, now).ok());
  CHECK(lead(session, 9, now) < before);
  CHECK(session.user().state().events() == 1);
  REQUIRE(session.set_weight(FeedbackKind::rating, 0).ok());
  REQUIRE(session.feedback(9, FeedbackKind::rating, -1, now).ok());
  CHECK(session.user().state().events() == 1);
}

TEST_CASE("a longer stay teaches more, up to a minute", "[personal]") {
  std::vector<double> leads;
  for (const float seconds : {0.0F, 20.0F, 60.0F, 3600.0F}) {
    OwningPersonalSession session(forgetful_engine());
    REQUIRE(session.observe(7, now).ok());
    REQUIRE(session.feedback(7, FeedbackKind::dwell, seconds, now).ok());
    leads.push_back(lead(session, 7, now));
  }
  CHECK(leads[0] < leads[1]);
  CHECK(leads[1] < leads[2]);
  CHECK(leads[2] == leads[3]);
}

TEST_CASE("a dismissed item is away for a week, an unwanted one until it is chosen", "[personal]") {
  OwningPersonalSession session(engine());
  REQUIRE(session.observe(7, now).ok());
  REQUIRE(session.feedback(3, FeedbackKind::dismiss, 0, now).ok());
  REQUIRE(session.feedback(4, FeedbackKind::not_this, 0, now).ok());
  CHECK(!is_recommended(session, 3, now + sotto::dismissal_seconds - 1));
  CHECK(is_recommended(session, 3, now + sotto::dismissal_seconds));
  CHECK(!is_recommended(session, 4, now + 4000 * day));
  session.set_learning(false);  // a wish, and nothing that was learned
  CHECK(!is_recommended(session, 4, now));
  session.set_learning(true);
  REQUIRE(session.observe(4, now + day).ok());
  CHECK(is_recommended(session, 4, now + day));
}

TEST_CASE("an item that is refused twice is refused once", "[personal]") {
  OwningPersonalSession session(engine());
  REQUIRE(session.observe(7, now).ok());
  const double before = lead(session, 3, now);
  REQUIRE(session.feedback(3, FeedbackKind::not_this, 0, now).ok());
  CHECK(lead(session, 3, now) < before);
  const auto state = state_of(session);
  REQUIRE(session.feedback(3, FeedbackKind::not_this, 0, now).ok());
  CHECK(state_of(session) == state);
}

TEST_CASE("of many hidden items those hidden longest are kept", "[personal]") {
  sotto::HiddenItems hidden;
  hidden.hide(0, sotto::hidden_for_ever);
  for (ItemIndex item = 1; item < 2000; ++item) hidden.hide(item, now + item);
  CHECK(hidden.all().size() == sotto::hidden_capacity);
  CHECK(hidden.contains(0));
  CHECK(hidden.contains(1999));
  CHECK(!hidden.contains(1));
  std::vector<ItemIndex> at;
  hidden.at(now + 1999, at);
  CHECK(at == std::vector<ItemIndex>{0});
  hidden.hide(1999, now);
  hidden.at(now + 1998, at);
  CHECK(at.size() == 2);
}

TEST_CASE("what was shown and passed over counts against it, where the site wants that", "[personal]") {
  sotto::PersonalOptions options;
  std::vector<double> leads;
  for (const float weight : {0.0F, 0.5F}) {
    options.weights.of[static_cast<std::size_t>(FeedbackKind::impression)] = weight;
    OwningPersonalSession session(engine(), options);
    for (const ItemIndex item : {3U, 4U, 5U}) {
      REQUIRE(session.feedback(item, FeedbackKind::impression, 0, now).ok());
    }
    CHECK(session.user().state().events() == 0);
    REQUIRE(session.observe(4, now).ok());
    leads.push_back(lead(session, 3, now));
  }
  CHECK(leads[1] < leads[0]);
}

TEST_CASE("a weight that cannot be meant is refused and changes nothing", "[personal]") {
  OwningPersonalSession session(engine());
  for (const float weight : {-0.1F, 10.1F, std::numeric_limits<float>::quiet_NaN()}) {
    CHECK(session.set_weight(FeedbackKind::click, weight).error().code == sotto::ErrorCode::invalid_argument);
  }
  REQUIRE(session.set_weight(FeedbackKind::click, 0).ok());
  REQUIRE(session.observe(3, now).ok());
  CHECK(std::ranges::equal(session.user().taste().learned(), OwningPersonalSession(engine()).user().taste().learned()));
}

TEST_CASE("the latest impressions are kept, each once, and end with the next event", "[personal]") {
  sotto::Impressions shown;
  for (ItemIndex item = 0; item < 40; ++item) shown.add(item);
  shown.add(20);
  CHECK(shown.items().size() == sotto::impressions_capacity);
  CHECK(shown.items().front() == 8);
  CHECK(shown.items().back() == 20);
  OwningPersonalSession session(engine());
  const auto empty = state_of(session).size();
  REQUIRE(session.feedback(3, FeedbackKind::impression, 0, now).ok());
  CHECK(state_of(session).size() == empty + sizeof(ItemIndex));
  OwningPersonalSession restored(engine());
  REQUIRE(restored.import_state(state_of(session)).ok());
  CHECK(state_of(restored) == state_of(session));
}

TEST_CASE("switched off, events are remembered but teach nothing, and what was learned stays", "[personal]") {
  OwningPersonalSession session(engine());
  for (const auto& event : sotto::test::visits(60, 3)) REQUIRE(session.observe(event.item, event.time).ok());
  const std::vector<float> taste(session.user().taste().learned().begin(), session.user().taste().learned().end());
  const auto judged = session.user().gate().record().events;
  session.set_learning(false);
  REQUIRE(session.observe(3, now + 1000 * day).ok());
  REQUIRE(session.feedback(3, FeedbackKind::purchase, 0, now + 1000 * day).ok());
  CHECK(session.user().state().events() == 61);
  CHECK(session.user().gate().record().events == judged);
  CHECK(std::ranges::equal(session.user().taste().learned(), taste));
  CHECK(std::ranges::equal(session.scores(now + 1000 * day), session.base_scores()));
  OwningPersonalSession restored(engine());
  REQUIRE(restored.import_state(state_of(session)).ok());
  CHECK(!restored.user().learning());
  session.set_learning(true);
  CHECK(!std::ranges::equal(session.scores(now + 1000 * day), session.base_scores()));
}

TEST_CASE("an amount that is no number is refused and changes nothing", "[personal]") {
  OwningPersonalSession session(engine());
  const auto before = state_of(session);
  for (const float amount : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    CHECK(session.feedback(3, FeedbackKind::rating, amount, now).error().code == sotto::ErrorCode::invalid_argument);
    CHECK(session.feedback(3, FeedbackKind::dwell, amount, now).error().code == sotto::ErrorCode::invalid_argument);
  }
  for (const float amount : {1.0001F, -1.0001F, 5.0F}) {
    CHECK(session.feedback(3, FeedbackKind::rating, amount, now).error().code == sotto::ErrorCode::invalid_argument);
  }
  CHECK(session.feedback(23, FeedbackKind::not_this, 0, now).error().code == sotto::ErrorCode::unknown_item);
  CHECK(state_of(session) == before);
}

TEST_CASE("times at the ends of their range break nothing", "[personal]") {
  OwningPersonalSession session(engine());
  for (const std::int64_t time : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    REQUIRE(session.observe(3, time).ok());
    REQUIRE(session.feedback(4, FeedbackKind::dismiss, 0, time).ok());
    (void)session.scores(time);
  }
  OwningPersonalSession restored(engine());
  CHECK(restored.import_state(state_of(session)).ok());
}

TEST_CASE("a model with a binary head recommends, hides and remembers, but does not learn", "[personal]") {
  const sotto::Engine binary(
      sotto::test::random_fixed_model({23, 8, 8, 1, false, false, false, false, sotto::HeadKind::binary}, 5), 1);
  OwningPersonalSession session(binary);
  REQUIRE(session.observe(7, now).ok());
  REQUIRE(session.feedback(3, FeedbackKind::not_this, 0, now).ok());
  CHECK(!is_recommended(session, 3, now));
  CHECK(session.user().gate().record().events == 0);
  CHECK(std::ranges::equal(session.scores(now), session.base_scores()));
  OwningPersonalSession restored(binary);
  CHECK(restored.import_state(state_of(session)).ok());
}

TEST_CASE("times far after the present are lowered to it", "[personal]") {
  sotto::EventTimes times;
  for (const std::int64_t time : {now, now + 5, now + 1000, now + 1000}) times.observe(time);
  times.lower_to(now + 5);
  CHECK(std::ranges::equal(times.all(), std::vector{now, now + 5, now + 5, now + 5}));
  sotto::HiddenItems hidden;
  hidden.hide(1, sotto::hidden_for_ever);
  hidden.hide(2, now + 1000);
  hidden.lower_to(now + 5);
  CHECK(hidden.all()[0].until == sotto::hidden_for_ever);
  CHECK(hidden.all()[1].until == now + 5);
}
