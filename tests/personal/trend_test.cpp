// The trend as one more expert: its effect on scores, the belief in it, and what is stored of it.
#include "visits.hpp"

#include <sotto/personal/personal_group.hpp>
#include <sotto/personal/trend.hpp>
#include <sotto/personal/trend_belief.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using sotto::ErrorCode;
using sotto::ItemIndex;
using sotto::PersonalModel;
using sotto::PersonalSession;
using sotto::PersonalUser;
using sotto::PersonalWorkspace;
using sotto::Trend;
using sotto::TrendBelief;
using sotto::TrendItem;
using sotto::test::state_of;

constexpr std::int64_t trend_time = 1'700'000'000;
constexpr std::size_t trend_items = 23;

const sotto::Engine& trend_engine() {
  static const sotto::Engine made(sotto::test::random_fixed_model({trend_items, 8, 8, 1, true, false}, 5), 1);
  return made;
}

Trend trend_of(std::vector<TrendItem> items, float prior) {
  auto trend = Trend::create(items, prior, trend_items);
  REQUIRE(trend.ok());
  return *std::move(trend);
}

struct Device {
  PersonalModel model{trend_engine()};
  PersonalUser user{model};
  PersonalWorkspace workspace{model};
  PersonalSession session{model, user, workspace};
};

// The model has no memory term: its temperature is 1.
std::vector<double> probabilities_of(PersonalSession& session) {
  std::vector<double> p;
  for (const std::int32_t score : session.scores(trend_time)) p.push_back(std::exp(score / 65536.0));
  const double sum = std::reduce(p.begin(), p.end());
  for (double& value : p) value /= sum;
  return p;
}

}  // namespace

TEST_CASE("a trend mixes the prediction with the one that it moves", "[personal][trend]") {
  Device device;
  REQUIRE(device.session.observe(4, trend_time).ok());
  const std::vector<double> before = probabilities_of(device.session);
  device.model.set_trend(trend_of({{3, 2.0F}, {11, -1.5F}}, 0.6F));
  std::vector<double> moved = before;
  moved[3] *= std::exp(2.0);
  moved[11] *= std::exp(-1.5);
  const double sum = std::reduce(moved.begin(), moved.end());
  const std::vector<double> after = probabilities_of(device.session);
  for (std::size_t item = 0; item < trend_items; ++item) {
    CHECK(std::abs(after[item] - (0.6 * moved[item] / sum + 0.4 * before[item])) < 1e-4);
  }
}

TEST_CASE("a trend applies where learning is off and to new users, and without a prior it has no effect",
          "[personal][trend]") {
  Device device;
  const std::vector<double> plain = probabilities_of(device.session);
  device.model.set_trend(trend_of({{7, 5.0F}}, 0.0F));
  CHECK(probabilities_of(device.session) == plain);
  device.model.set_trend(trend_of({{7, 5.0F}}, 0.9F));
  CHECK(probabilities_of(device.session)[7] > plain[7]);
  device.session.set_learning(false);
  CHECK(probabilities_of(device.session)[7] > plain[7]);
  REQUIRE(device.session.observe(7, trend_time).ok());
  CHECK(device.user.trend_belief().record() == 0);
}

TEST_CASE("the belief follows the user and comes back to the prior", "[personal][trend]") {
  Device follower;
  Device other;
  for (Device* device : {&follower, &other}) device->model.set_trend(trend_of({{7, 3.0F}, {8, 3.0F}}, 0.5F));
  for (std::int64_t event = 0; event < 6; ++event) {
    REQUIRE(follower.session.observe(7 + static_cast<ItemIndex>(event % 2), trend_time + event).ok());
    REQUIRE(other.session.observe(static_cast<ItemIndex>(event), trend_time + event).ok());
  }
  CHECK(follower.user.trend_belief().belief(0.5F) > 0.6F);
  CHECK(other.user.trend_belief().belief(0.5F) < 0.5F);

  TrendBelief belief;
  belief.update(1e30F);
  CHECK(belief.record() <= TrendBelief::max_record);
  const float high = belief.belief(0.5F);
  for (int event = 0; event < 300; ++event) belief.update(1.0F);
  CHECK(belief.belief(0.5F) < high);
  CHECK(std::abs(belief.belief(0.5F) - 0.5F) < 0.01F);
  belief.update(0.0F);
  CHECK(belief.record() >= -TrendBelief::max_record);
  CHECK(belief.belief(0.0F) == 0);
}

TEST_CASE("a state keeps the record of the trend, and without one it has the older version", "[personal][trend]") {
  Device device;
  REQUIRE(device.session.observe(7, trend_time).ok());
  const auto older = state_of(device.session);
  CHECK(std::to_integer<int>(older[4]) == 3);
  device.model.set_trend(trend_of({{7, 3.0F}}, 0.5F));
  REQUIRE(device.session.observe(7, trend_time).ok());
  const auto newer = state_of(device.session);
  CHECK(std::to_integer<int>(newer[4]) == 4);

  Device restored;
  REQUIRE(restored.session.import_state(newer).ok());
  CHECK(restored.user.trend_belief().record() == device.user.trend_belief().record());
  CHECK(restored.user.trend_belief().record() > 0);
  CHECK(state_of(restored.session) == newer);
  REQUIRE(restored.session.import_state(older).ok());
  CHECK(restored.user.trend_belief().record() == 0);
  REQUIRE(restored.session.merge_state(newer).ok());
  CHECK(restored.user.trend_belief().record() > 0);
  restored.session.reset();
  CHECK(restored.user.trend_belief().record() == 0);
}

TEST_CASE("users of a group follow the trend as alone", "[personal][trend]") {
  Device alone;
  Device grouped;
  for (Device* device : {&alone, &grouped}) device->model.set_trend(trend_of({{2, 4.0F}}, 0.7F));
  sotto::PersonalGroup group(grouped.model, grouped.workspace);
  std::array<PersonalUser*, 1> users{&grouped.user};
  for (const ItemIndex item : {2U, 5U, 2U}) {
    REQUIRE(alone.session.observe(item, trend_time).ok());
    REQUIRE(group.observe(users, std::array{item}, std::array{trend_time}).ok());
  }
  CHECK(state_of(alone.session) == state_of(grouped.session));
  CHECK(alone.user.trend_belief().record() != 0);
}

TEST_CASE("a trend that no rule makes is refused", "[personal][trend]") {
  const auto code_of = [](std::vector<TrendItem> items, float prior) {
    const auto trend = Trend::create(items, prior, trend_items);
    REQUIRE(!trend.ok());
    return trend.error().code;
  };
  CHECK(code_of({{23, 1.0F}}, 0.5F) == ErrorCode::unknown_item);
  CHECK(code_of({{1, 1.0F}, {1, 1.0F}}, 0.5F) == ErrorCode::invalid_argument);
  CHECK(code_of({{2, 1.0F}, {1, 1.0F}}, 0.5F) == ErrorCode::invalid_argument);
  CHECK(code_of({{1, 31.5F}}, 0.5F) == ErrorCode::out_of_range);
  CHECK(code_of({{1, std::numeric_limits<float>::quiet_NaN()}}, 0.5F) == ErrorCode::out_of_range);
  CHECK(code_of({{1, 1.0F}}, 0.95F) == ErrorCode::out_of_range);
  CHECK(code_of({{1, 1.0F}}, std::numeric_limits<float>::quiet_NaN()) == ErrorCode::out_of_range);
}

TEST_CASE("a trend of extreme ratios keeps every score finite", "[personal][trend]") {
  Device device;
  std::vector<TrendItem> items;
  for (ItemIndex item = 0; item < trend_items; ++item) items.push_back({item, item % 2 == 0 ? 31.0F : -31.0F});
  device.model.set_trend(trend_of(items, 0.9F));
  for (ItemIndex item = 0; item < trend_items; ++item) REQUIRE(device.session.observe(item, trend_time).ok());
  const auto p = probabilities_of(device.session);
  CHECK(std::ranges::all_of(p, [](double value) { return std::isfinite(value); }));
  CHECK(std::abs(device.user.trend_belief().record()) <= TrendBelief::max_record);
}
