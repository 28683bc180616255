// The rule from noisy histograms to the next trend.
#include <sotto/base/random.hpp>
#include <sotto/personal/trend.hpp>
#include <sotto/sync/trend_rule.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

namespace {

using sotto::ErrorCode;
using sotto::sync::Batch;
using sotto::sync::TrendState;
using sotto::sync::TrendUpdate;
using sotto::sync::update_trend;

constexpr std::size_t rule_slots = 64;

// What the model expects: all items alike, except for the last four, which are new. Slot 0 is no item.
struct Shop {
  std::vector<double> expected = std::vector<double>(rule_slots, 1.0 / 59);
  std::vector<bool> is_new = std::vector<bool>(rule_slots, false);
  Shop() {
    expected[0] = 0;
    for (std::size_t slot = rule_slots - 4; slot < rule_slots; ++slot) {
      expected[slot] = 1e-6;
      is_new[slot] = true;
    }
  }
};

std::vector<std::int64_t> drawn(const std::vector<double>& shares, std::uint32_t reports, double noise,
                                std::uint64_t seed) {
  sotto::Random random(seed);
  std::vector<std::int64_t> histogram(rule_slots);
  for (std::uint32_t n = 0; n < reports; ++n) {
    double left = static_cast<double>(random.uniform());
    std::size_t slot = 0;
    while (slot + 1 < rule_slots && left >= shares[slot]) left -= shares[slot++];
    ++histogram[slot];
  }
  // Twelve uniform numbers have a sum with a variance of 1.
  for (auto& entry : histogram) {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += static_cast<double>(random.uniform());
    entry += std::llround(noise * sum);
  }
  return histogram;
}

TrendUpdate after(std::size_t batches, TrendState& state, const Shop& shop, const std::vector<double>& truth,
                  double noise) {
  TrendUpdate update;
  for (std::size_t n = 0; n < batches; ++n) {
    const auto histogram = drawn(truth, 5000, noise, 100 + n);
    auto made = update_trend(state, {histogram, 5000, noise * noise}, shop.expected, shop.is_new);
    REQUIRE(made.ok());
    update = *std::move(made);
  }
  return update;
}

}  // namespace

TEST_CASE("where nothing drifts the trend is switched off", "[sync][trend]") {
  for (const double noise : {0.0, 11.3}) {
    const Shop shop;
    TrendState state;
    const TrendUpdate update = after(6, state, shop, shop.expected, noise);
    CHECK(update.prior < 0.05F);
    CHECK(std::abs(update.gain) < 0.02);
    for (const float ratio : update.log_ratio) CHECK(std::abs(ratio) < 0.5F);
  }
}

TEST_CASE("what is wanted now rises, and the prior follows the gain", "[sync][trend]") {
  for (const double noise : {0.0, 11.3}) {
    const Shop shop;
    std::vector<double> truth(rule_slots, 0.4 / 59);
    truth[0] = 0;
    truth[5] = 0.3;
    truth[rule_slots - 1] = 0.3;
    for (std::size_t slot = rule_slots - 4; slot + 1 < rule_slots; ++slot) truth[slot] = 0;
    TrendState state;
    const TrendUpdate first = after(1, state, shop, truth, noise);
    CHECK(first.prior == 0);
    const TrendUpdate update = after(5, state, shop, truth, noise);
    CHECK(update.prior == sotto::max_trend_prior);
    CHECK(update.gain > 5 * update.gain_error);
    CHECK(std::abs(std::exp(static_cast<double>(update.log_ratio[5])) - 0.3 * 59) < 3);
    CHECK(std::abs(std::exp(static_cast<double>(update.log_ratio[rule_slots - 1])) * 1e-6 - 0.3) < 0.05);
    CHECK(update.log_ratio[9] < -0.3F);
    CHECK(update.log_ratio[rule_slots - 2] == 0);
    CHECK(update.log_ratio[0] == 0);
  }
}

TEST_CASE("noise alone moves no new item", "[sync][trend]") {
  const Shop shop;
  TrendState state;
  std::size_t moved = 0;
  for (std::uint64_t n = 0; n < 50; ++n) {
    const auto histogram = drawn(shop.expected, 2000, 11.3, n);
    const auto update = update_trend(state, {histogram, 2000, 11.3 * 11.3}, shop.expected, shop.is_new);
    REQUIRE(update.ok());
    for (std::size_t slot = rule_slots - 4; slot < rule_slots; ++slot) moved += update->log_ratio[slot] != 0 ? 1U : 0U;
  }
  // Normal noise is above 1.5 deviations in 7 of 100 cases.
  CHECK(moved < 30);
}

TEST_CASE("a batch that does not fit changes nothing", "[sync][trend]") {
  const Shop shop;
  TrendState state;
  const TrendUpdate before = after(2, state, shop, shop.expected, 0);
  const std::vector<double> counts = state.counts;
  const std::vector<std::int64_t> histogram(rule_slots, 10);
  const std::vector<std::int64_t> short_one(rule_slots - 1, 10);
  const auto code_of = [&](const Batch& batch, const std::vector<double>& expected) {
    const auto update = update_trend(state, batch, expected, shop.is_new);
    REQUIRE(!update.ok());
    return update.error().code;
  };
  CHECK(code_of({short_one, 100, 0}, shop.expected) == ErrorCode::wrong_shape);
  CHECK(code_of({histogram, 100, 0}, {}) == ErrorCode::wrong_shape);
  CHECK(code_of({histogram, 0, 0}, shop.expected) == ErrorCode::invalid_argument);
  CHECK(state.counts == counts);
  CHECK(state.log_ratio == before.log_ratio);
}
