#include "../support/random_model.hpp"

#include <sotto/runtime/owning_session.hpp>
#include <sotto/runtime/trainable_head.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

using namespace sotto;

// Of sizes that are no whole tiles.
const Architecture architecture{103, 13, 21, 1, false, false};

std::vector<float> to_float(std::span<const std::int16_t> head_input) {
  std::vector<float> u;
  for (const std::int16_t v : head_input) u.push_back(static_cast<float>(v) / 4096.0F);
  return u;
}

// Softmax in double, from the head's rows.
std::vector<double> probabilities(const TrainableHead& head, std::span<const float> u, std::span<const ItemIndex> items,
                                  std::span<const double> expected_log) {
  std::vector<double> p;
  double total = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    double logit = static_cast<double>(head.bias(items[i])) - expected_log[i];
    for (std::size_t c = 0; c < u.size(); ++c) {
      logit += static_cast<double>(head.row(items[i])[c]) * static_cast<double>(u[c]);
    }
    p.push_back(std::exp(logit));
    total += p.back();
  }
  for (double& v : p) v /= total;
  return p;
}

FixedModel moderate_model() {
  FixedModel model = test::random_fixed_model(architecture, 5);
  for (auto& m : model.weights.head_multiplier) m = 1 << 22;  // logits of some units
  return model;
}

}  // namespace

TEST_CASE("a head's step is the gradient of its mean cross-entropy", "[runtime][trainable_head]") {
  const FixedModel model = moderate_model();
  const Engine engine(model, 1);
  OwningSession session(engine);
  TrainableHead head(engine, 2);
  const TrainableHead before(engine, 2);
  REQUIRE(session.observe_all(std::vector<ItemIndex>{3, 99, 41}));
  const std::vector<std::int16_t> first(session.state().head_input().begin(), session.state().head_input().end());
  REQUIRE(session.observe(7));
  const HeadExample examples[] = {{first, 7}, {session.state().head_input(), 55}};

  constexpr double rate = 0.25;
  const float mean_probability = head.step(examples, static_cast<float>(rate));

  std::vector<ItemIndex> items(architecture.items);
  for (ItemIndex i = 0; i < items.size(); ++i) items[i] = i;
  const std::vector<double> nothing(items.size(), 0.0);
  double probability = 0;
  std::vector<std::vector<double>> p;
  for (const auto& e : examples) {
    p.push_back(probabilities(before, to_float(e.head_input), items, nothing));
    probability += p.back()[e.target] / 2;
  }
  CHECK(mean_probability == Catch::Approx(probability).epsilon(1e-5));
  for (const ItemIndex item : items) {
    double bias = static_cast<double>(before.bias(item));
    for (std::size_t n = 0; n < 2; ++n) bias -= rate / 2 * (p[n][item] - (examples[n].target == item ? 1 : 0));
    CHECK(head.bias(item) == Catch::Approx(bias).margin(1e-6));
    for (std::size_t c = 0; c < architecture.hidden_dim; ++c) {
      double weight = static_cast<double>(before.row(item)[c]);
      for (std::size_t n = 0; n < 2; ++n) {
        weight -= rate / 2 * (p[n][item] - (examples[n].target == item ? 1 : 0)) *
                  static_cast<double>(to_float(examples[n].head_input)[c]);
      }
      CHECK(head.row(item)[c] == Catch::Approx(weight).margin(1e-6));
    }
  }
}

TEST_CASE("a sampled step moves the sample alone, by its corrected softmax", "[runtime][trainable_head]") {
  const FixedModel model = moderate_model();
  const Engine engine(model, 1);
  OwningSession session(engine);
  TrainableHead head(engine);
  const TrainableHead before(engine);
  REQUIRE(session.observe_all(std::vector<ItemIndex>{3, 99, 41}));
  const std::vector<ItemIndex> negatives{10, 7, 20};  // 7 is the target and does not count
  const std::vector<float> expected_log{-1.5F, -0.5F, -3.0F};
  const float probability = head.sampled_step({session.state().head_input(), 7}, -2.0F, negatives, expected_log, 0.5F);

  const auto u = to_float(session.state().head_input());
  const auto p = probabilities(before, u, std::vector<ItemIndex>{7, 10, 20}, std::vector<double>{-2.0, -1.5, -3.0});
  CHECK(probability == Catch::Approx(p[0]).epsilon(1e-5));
  CHECK(head.bias(7) == Catch::Approx(static_cast<double>(before.bias(7)) - 0.5 * (p[0] - 1)).margin(1e-6));
  CHECK(head.bias(10) == Catch::Approx(static_cast<double>(before.bias(10)) - 0.5 * p[1]).margin(1e-6));
  CHECK(head.row(20)[2] ==
        Catch::Approx(static_cast<double>(before.row(20)[2]) - 0.5 * p[2] * static_cast<double>(u[2])).margin(1e-6));
  for (ItemIndex item = 0; item < architecture.items; ++item) {
    if (item == 7 || item == 10 || item == 20) continue;
    CHECK(head.bias(item) == before.bias(item));
    CHECK(std::ranges::equal(head.row(item), before.row(item)));
  }
}

TEST_CASE("a head learns the same bits in every tier", "[runtime][trainable_head]") {
  const FixedModel model = moderate_model();
  const auto learn = [&](const Kernels& kernels) {
    const Engine engine(model, 1, kernels);
    OwningSession session(engine);
    TrainableHead head(engine);
    for (ItemIndex i = 0; i < 200; ++i) {
      const ItemIndex item = i * 37 % architecture.items;
      const HeadExample example{session.state().head_input(), item};
      head.step({&example, 1}, 0.3F);
      REQUIRE(session.observe(item));
    }
    std::vector<float> logits(architecture.items);
    head.scores(session.state().head_input(), logits);
    return logits;
  };
  const auto wanted = learn(reference_kernels());
  for (const Kernels* tier : available_kernels()) {
    INFO(tier->name);
    CHECK(learn(*tier) == wanted);
  }
}

// Cross-entropy falls while a head sees one state's target again and again.
TEST_CASE("a head comes to expect what it is shown", "[runtime][trainable_head]") {
  const FixedModel model = moderate_model();
  const Engine engine(model, 1);
  OwningSession session(engine);
  TrainableHead head(engine);
  REQUIRE(session.observe(3));
  const HeadExample example{session.state().head_input(), 50};
  float before = 0;
  for (int i = 0; i < 50; ++i) {
    const float probability = head.step({&example, 1}, 0.5F);
    CHECK(probability >= before);
    before = probability;
  }
  CHECK(before > 0.9F);
}
