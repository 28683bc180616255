#include "visits.hpp"

#include <sotto/personal/adapter.hpp>
#include <sotto/personal/recent_means.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/runtime/owning_session.hpp>

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

// One user's taste beside the network that it moves.
class Prediction {
 public:
  explicit Prediction(const sotto::Engine& engine, const sotto::TasteParts& parts = {})
      : session_(engine),
        model_(engine, 1.0F, engine.memory() ? std::span(engine.memory()->direction) : std::span<const std::int8_t>()),
        taste_(model_, parts),
        workspace_(model_),
        products_(engine.architecture().items) {}

  // The softmax of the head's input moved by the taste, in double.
  [[nodiscard]] std::vector<float> probabilities() {
    session_.head_products(learner().at(session_.state().head_input()), products_);
    const auto scores = session_.scores();
    std::vector<double> values(scores.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = std::exp(std::ldexp(static_cast<double>(scores[i]) + static_cast<double>(products_[i]), -16));
    }
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    std::vector<float> probabilities;
    for (const double value : values) probabilities.push_back(static_cast<float>(value / sum));
    return probabilities;
  }

  void observe(ItemIndex item) {
    REQUIRE(session_.observe(item).ok());
    learner().observe(item, session_.state().head_input());
  }

  void learn(std::span<const float> probabilities, sotto::Lesson lesson) { learner().learn(probabilities, lesson); }

  [[nodiscard]] sotto::Taste& taste() { return taste_; }
  [[nodiscard]] const sotto::TasteParts& parts_gradient() const { return workspace_.parts_gradient(); }

 private:
  [[nodiscard]] sotto::TasteLearner learner() { return {model_, taste_, workspace_}; }

  sotto::OwningSession session_;
  sotto::TasteModel model_;
  sotto::Taste taste_;
  sotto::TasteWorkspace workspace_;
  std::vector<std::int32_t> products_;
};

}  // namespace

TEST_CASE("recent means fade, the many slower than the few", "[personal][taste]") {
  std::vector<float> carried(RecentMeans::size(2));
  RecentMeans means(2, 2.0F, carried);
  const std::array<std::int16_t, 2> nothing{0, 0};
  std::vector<float> at(6);
  means.at(nothing, at);
  CHECK(std::ranges::all_of(at, [](float value) { return value == 0; }));

  const std::array<float, 2> first{8, 0};
  const std::array<float, 2> second{0, 8};
  const std::array<std::int16_t, 2> u{one, 0};
  means.observe(first, nothing);
  means.observe(second, u);
  means.at(nothing, at);
  // Two thirds of the weight of the few is the latest event's, nearly one half of the many's; rows are halved.
  CHECK(at[0] == Approx(2.0 / 3));
  CHECK(at[2] == Approx(4.0 / 3));
  CHECK(at[3] == Approx(8.0 / 3));
  CHECK(at[4] == Approx(4 * 0.99 / 1.99));
  CHECK(at[5] == Approx(4 / 1.99));
  means.at(u, at);
  CHECK(at[0] == Approx(-1.0 / 3));  // against what the head's input is now
}

TEST_CASE("a vector that adds nothing has no product with any row", "[personal][taste]") {
  for (const bool tied : {false, true}) {
    const sotto::Engine engine(sotto::test::random_fixed_model(sotto::test::small(tied), 17), 1);
    sotto::OwningSession session(engine);
    std::vector<std::int16_t> vector(engine.architecture().hidden_dim);
    std::vector<std::int32_t> products(engine.architecture().items, 1);
    CHECK(sotto::adds_nothing(vector));
    session.head_products(vector, products);
    CHECK(std::ranges::all_of(products, [](std::int32_t value) { return value == 0; }));
    vector.back() = 1;
    CHECK_FALSE(sotto::adds_nothing(vector));
  }
}

TEST_CASE("an adapter's step moves what it adds at that input against the gradient", "[personal][taste]") {
  const std::vector<float> directions{1, 0, 0, 0, 1, 0};  // the first two of three
  std::vector<float> learned(6);
  std::vector<float> along(2);
  const sotto::Adapter adapter(3, directions, learned, along);
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
  Prediction prediction(engine);
  prediction.observe(3);
  std::vector<float> before = prediction.probabilities();
  const float at_first = before[5];
  const sotto::LessonShare lesson{5, 1.0F};
  for (int step = 0; step < 50; ++step) {
    prediction.learn(before, {&lesson, 1});
    const auto after = prediction.probabilities();
    CHECK(after[5] > 0.99F * before[5]);
    before = after;
  }
  CHECK(before[5] > 1.5F * at_first);
}

TEST_CASE("a part's gradient is that of the cross-entropy", "[personal][taste]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(sotto::test::small(true), 12), 1);
  Prediction prediction(engine, {0.2F, 0.3F, -0.1F});
  sotto::Taste& taste = prediction.taste();
  for (const ItemIndex item : {3U, 7U, 3U}) prediction.observe(item);
  const std::vector<float> kept(taste.values().begin(), taste.values().end());
  const auto loss = [&](std::size_t part, float by) {
    taste.restore(kept);
    taste.move_part(part, by);
    return -std::log(static_cast<double>(prediction.probabilities()[9]));
  };
  for (std::size_t part = 0; part < sotto::recent_means; ++part) {
    constexpr float step = 0.05F;
    const double expected = (loss(part, step) - loss(part, -step)) / (2 * static_cast<double>(step));
    taste.restore(kept);
    const auto probabilities = prediction.probabilities();
    const sotto::LessonShare lesson{9, 1.0F};
    prediction.learn(probabilities, {&lesson, 1});
    CHECK(static_cast<double>(prediction.parts_gradient()[part]) == Approx(expected).epsilon(0.05).margin(0.01));
  }
}

TEST_CASE("without directions in the model a taste does without an adapter", "[personal][taste]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(sotto::test::small(false), 13), 1);
  Prediction prediction(engine);
  CHECK(prediction.taste().learned().size() == engine.architecture().hidden_dim + sotto::recent_means);
  prediction.observe(2);
  const auto before = prediction.probabilities();
  prediction.learn(before, no_lesson);
  CHECK(std::ranges::all_of(prediction.taste().learned(), [](float value) { return std::isfinite(value); }));
}
