#include "visits.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using sotto::ItemIndex;
using sotto::OwningPersonalSession;
using sotto::PersonalSession;

constexpr std::int64_t visit_time = 1'700'000'000;
const std::vector<ItemIndex> category{2, 9, 17};

const sotto::Engine& shop_engine() {
  static const sotto::Engine made(sotto::test::random_fixed_model({23, 8, 8, 1, true, false}, 5), 1);
  return made;
}

// The probability that the next choice is of the category. The model has no memory term: its temperature is 1.
double mass(PersonalSession& session) {
  std::vector<double> p;
  for (const std::int32_t score : session.scores(visit_time)) p.push_back(std::exp(score / 65536.0));
  double of_category = 0;
  for (const ItemIndex item : category) of_category += p[item];
  return of_category / std::reduce(p.begin(), p.end());
}

}  // namespace

TEST_CASE("what the site knows is believed as far as it says, then as far as it proves right", "[personal][context]") {
  for (const bool learning : {true, false}) {
    OwningPersonalSession right(shop_engine());
    OwningPersonalSession wrong(shop_engine());
    for (PersonalSession* session : {&right, &wrong}) {
      session->set_learning(learning);
      const double before = mass(*session);
      REQUIRE(session->set_context(category, 0.5F).ok());
      CHECK(std::abs(mass(*session) - (0.45 + 0.55 * before)) < 0.01);
    }
    REQUIRE(right.observe(9, visit_time).ok());
    REQUIRE(wrong.observe(5, visit_time).ok());
    CHECK(right.user().context().belief() > 0.05F);
    CHECK(wrong.user().context().belief() < 0.02F);
  }
}

TEST_CASE("a context that is right hands over to what the user chose, too", "[personal][context]") {
  OwningPersonalSession session(shop_engine());
  REQUIRE(session.set_context(category, 0.9F).ok());
  for (std::size_t event = 0; event < 10; ++event) REQUIRE(session.observe(category[event % 3], visit_time).ok());
  CHECK(session.user().context().belief() < 0.1F);
}

TEST_CASE("within the context and outside of it the order stays as it is", "[personal][context]") {
  OwningPersonalSession session(shop_engine());
  REQUIRE(session.observe(4, visit_time).ok());
  OwningPersonalSession plain(shop_engine());
  REQUIRE(plain.observe(4, visit_time).ok());
  REQUIRE(session.set_context(category, 0.7F).ok());
  const std::vector<std::int32_t> with(session.scores(visit_time).begin(), session.scores(visit_time).end());
  const auto without = plain.scores(visit_time);
  for (ItemIndex a = 0; a < 23; ++a) {
    for (ItemIndex b = 0; b < 23; ++b) {
      const bool same_side = (std::ranges::count(category, a) == 0) == (std::ranges::count(category, b) == 0);
      if (same_side) CHECK((with[a] < with[b]) == (without[a] < without[b]));
    }
  }
}

TEST_CASE("a context is of the visit: forgotten with the user, and not stored", "[personal][context]") {
  OwningPersonalSession session(shop_engine());
  const auto before = sotto::test::state_of(session);
  REQUIRE(session.set_context(category, 0.7F).ok());
  CHECK(sotto::test::state_of(session) == before);
  REQUIRE(session.set_context({}, 0.7F).ok());
  CHECK(!session.user().context().is_believed());
  REQUIRE(session.set_context(category, 0.7F).ok());
  session.reset();
  CHECK(!session.user().context().is_believed());
}

TEST_CASE("what cannot be a context is refused and changes nothing", "[personal][context]") {
  OwningPersonalSession session(shop_engine());
  const std::vector<ItemIndex> unknown{3, 23};
  CHECK(session.set_context(unknown, 0.5F).error().code == sotto::ErrorCode::unknown_item);
  for (const float belief : {-0.1F, 1.1F, std::numeric_limits<float>::quiet_NaN()}) {
    CHECK(session.set_context(category, belief).error().code == sotto::ErrorCode::invalid_argument);
  }
  CHECK(!session.user().context().is_believed());
}
