#include "visits.hpp"

#include <sotto/personal/adapter.hpp>
#include <sotto/personal/recent_means.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/runtime/session.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace {

using Catch::Approx;
using sotto::ItemIndex;
using sotto::RecentMean;
using sotto::RecentMeans;

constexpr std::int16_t one = 1 << sotto::head_input_bits;
constexpr sotto::Lesson no_lesson{};

// The softmax of a head input moved by a taste, in double.
class Prediction {
 public:
  explicit Prediction(const sotto::Engine& engine) : session_(engine), products_(engine.architecture().items) {}

  [[nodiscard]] std::vector<float> probabilities(sotto::Taste& taste) {
    const auto scores = session_.scores();
    session_.head_products(taste.at(session_.head_input()), products_);
    std::vector<double> values(scores.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = std::exp(std::ldexp(static_cast<double>(scores[i]) + static_cast<double>(products_[i]), -16));
    }
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    std::vector<float> probabilities;
    for (const double value : values) probabilities.push_back(static_cast<float>(value / sum));
    return probabilities;
  }

  void observe(ItemIndex item, sotto::Taste& taste) {
    REQUIRE(session_.observe(item).ok());
    taste.observe(item, session_.head_input());
  }

 private:
  sotto::Session session_;
  std::vector<std::int32_t> products_;
};

}  // namespace

TEST_CASE("recent means fade, the many slower than the few", "[personal][taste]") {
  std::vector<float> carried(RecentMeans::size(2));
  RecentMeans means(2, 2.0F, carried);
  const std::array<std::int16_t, 2> nothing{0, 0};
  CHECK(std::ranges::all_of(means.at(nothing), [](float value) { return value == 0; }));

  const std::array<float, 2> first{8, 0};
  const std::array<float, 2> second{0, 8};
  const std::array<std::int16_t, 2> u{one, 0};
  means.observe(first, nothing);
  means.observe(second, u);
  const auto at = means.at(nothing);
  REQUIRE(at.size() == 6);
  // Two thirds of the weight of the few is the latest event's, nearly one half of the many's; rows are halved.
  CHECK(at[0] == Approx(2.0 / 3));
  CHECK(at[2] == Approx(4.0 / 3));
  CHECK(at[3] == Approx(8.0 / 3));
  CHECK(at[4] == Approx(4 * 0.99 / 1.99));
  CHECK(at[5] == Approx(4 / 1.99));
  CHECK(means.at(u)[0] == Approx(-1.0 / 3));  // against what the head's input is now
}

TEST_CASE("an adapter's step moves what it adds at that input against the gradient", "[personal][taste]") {
  const std::vector<float> directions{1, 0, 0, 0, 1, 0};  // the first two of three
  std::vector<float> learned(6);
  sotto::Adapter adapter(3, directions, learned);
  const std::array<std::int16_t, 3> u{3 * one, 4 * one, one};
  std::vector<float> added(3);
  adapter.add_to(added, u);
  CHECK(std::ranges::all_of(added, [](float value) { return value == 0; }));
  const std::array<float, 3> gradient{1, -2, 0.5F};
  adapter.learn(gradient, 0.1F);
  adapter.add_to(added, u);
  for (std::size_t c = 0; c < 3; ++c) CHECK(added[c] == Approx(-0.1F * gradient[c]).epsilon(0.001));
  // An input across the directions is left as it is.
  const std::array<std::int16_t, 3> across{0, 0, one};
  std::vector<float> unchanged(3);
  adapter.add_to(unchanged, across);
  CHECK(std::ranges::all_of(unchanged, [](float value) { return value == 0; }));
}

TEST_CASE("a taste learns what comes and, of the same, less each time", "[personal][taste]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(sotto::test::small(true), 11), 1);
  sotto::Taste taste(engine, 1.0F, engine.memory()->direction);
  Prediction prediction(engine);
  prediction.observe(3, taste);
  std::vector<float> before = prediction.probabilities(taste);
  const float at_first = before[5];
  const sotto::LessonShare lesson{5, 1.0F};
  for (int step = 0; step < 50; ++step) {
    taste.learn(before, {&lesson, 1});
    const auto after = prediction.probabilities(taste);
    CHECK(after[5] > 0.99F * before[5]);
    before = after;
  }
  CHECK(before[5] > 1.5F * at_first);
}

TEST_CASE("a part's gradient is that of the cross-entropy", "[personal][taste]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(sotto::test::small(true), 12), 1);
  sotto::Taste taste(engine, 1.0F, engine.memory()->direction);
  taste.clear({0.2F, 0.3F, -0.1F});
  Prediction prediction(engine);
  for (const ItemIndex item : {3U, 7U, 3U}) prediction.observe(item, taste);
  const std::vector<float> kept(taste.values().begin(), taste.values().end());
  const auto loss = [&](std::size_t part, float by) {
    taste.restore(kept);
    taste.move_part(part, by);
    return -std::log(static_cast<double>(prediction.probabilities(taste)[9]));
  };
  for (std::size_t part = 0; part < sotto::recent_means; ++part) {
    constexpr float step = 0.05F;
    const double expected = (loss(part, step) - loss(part, -step)) / (2 * static_cast<double>(step));
    taste.restore(kept);
    const auto probabilities = prediction.probabilities(taste);
    const sotto::LessonShare lesson{9, 1.0F};
    taste.learn(probabilities, {&lesson, 1});
    CHECK(static_cast<double>(taste.parts_gradient()[part]) == Approx(expected).epsilon(0.05).margin(0.01));
  }
}

TEST_CASE("without directions in the model a taste does without an adapter", "[personal][taste]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(sotto::test::small(false), 13), 1);
  sotto::Taste taste(engine, 1.0F, {});
  CHECK(taste.learned().size() == engine.architecture().hidden_dim + sotto::recent_means);
  Prediction prediction(engine);
  prediction.observe(2, taste);
  const auto before = prediction.probabilities(taste);
  taste.learn(before, no_lesson);
  CHECK(std::ranges::all_of(taste.learned(), [](float value) { return std::isfinite(value); }));
}
