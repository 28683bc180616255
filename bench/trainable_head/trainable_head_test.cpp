#include "trainable_head.hpp"

#include "../../tests/support/random_model.hpp"

#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

using namespace sotto;
using bench::HeadExample;
using bench::TrainableHead;

// Of sizes that are no whole tiles.
const Architecture architecture{103, 13, 21, 1, false, false};

std::vector<float> to_float(std::span<const std::int16_t> head_input) {
  std::vector<float> u;
  for (const std::int16_t v : head_input) u.push_back(static_cast<float>(v) / 4096.0F);
  return u;
}

// Softmax in double, from the head's rows.
std::vector<double> probabilities(const TrainableHead& head, std::span<const float> u,
                                  std::span<const ItemIndex> items) {
  std::vector<double> p;
  double total = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    double logit = static_cast<double>(head.bias(items[i]));
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

TEST_CASE("a head's step is the gradient of its mean cross-entropy", "[trainable_head]") {
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
  double probability = 0;
  std::vector<std::vector<double>> p;
  for (const auto& e : examples) {
    p.push_back(probabilities(before, to_float(e.head_input), items));
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

TEST_CASE("a head learns the same bits in every tier", "[trainable_head]") {
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
    std::vector<float> learned;
    for (ItemIndex item = 0; item < architecture.items; ++item) {
      learned.insert(learned.end(), head.row(item).begin(), head.row(item).end());
      learned.push_back(head.bias(item));
    }
    return learned;
  };
  const auto wanted = learn(reference_kernels());
  for (const Kernels* tier : available_kernels()) {
    INFO(tier->name);
    CHECK(learn(*tier) == wanted);
  }
}

// Cross-entropy falls while a head sees one state's target again and again.
TEST_CASE("a head comes to expect what it is shown", "[trainable_head]") {
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
