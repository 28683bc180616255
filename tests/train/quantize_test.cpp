#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/runtime/owning_session.hpp>
#include <sotto/train/quantize.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using sotto::ItemIndex;

std::vector<ItemIndex> random_events(std::uint32_t items, std::size_t count, std::uint64_t seed) {
  sotto::Random random(seed);
  std::vector<ItemIndex> events(count);
  for (auto& item : events) item = random.below(items);
  return events;
}

}  // namespace

// Pearson correlation of fixed and float logits after each event: quantization keeps the order of things.
TEST_CASE("the quantised model follows the float model", "[train][quantize]") {
  for (const int head_bits : {8, 4}) {
    for (const bool tied : {true, false}) {
      for (const bool skip : {true, false}) {
        const sotto::Architecture a{200, 32, 32, 2, tied, skip};
        const auto model = sotto::test::random_float_model(a, 11);
        const auto calibration = random_events(a.items, 2000, 1);
        const std::vector<std::span<const ItemIndex>> sequences{calibration};
        const auto fixed = sotto::train::quantize(model, sequences, head_bits);
        REQUIRE(fixed.ok());

        const sotto::Engine engine(*fixed, 0);
        sotto::OwningSession session(engine);
        sotto::FloatSession reference(model.weights);
        std::vector<float> wanted(a.items);
        double worst = 1;
        for (const ItemIndex item : random_events(a.items, 300, 2)) {
          REQUIRE(session.observe(item).ok());
          reference.observe(item);
          reference.scores(wanted);
          const auto got = session.scores();
          double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
          for (std::size_t i = 0; i < a.items; ++i) {
            const double x = double{wanted[i]};
            const double y = got[i] / 65536.0;
            sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
          }
          const double n = a.items;
          worst = std::min(worst, (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy)));
        }
        INFO("tied " << tied << ", skip " << skip << ", " << head_bits << " bits");
        CHECK(fixed->weights.head_bits() == head_bits);
        CHECK(worst > (head_bits == 8 ? 0.995 : 0.95));
      }
    }
  }
}

TEST_CASE("quantisation is deterministic and needs calibration", "[train][quantize]") {
  const sotto::Architecture a{20, 8, 8, 1, true, true};
  const auto model = sotto::test::random_float_model(a, 12);
  const auto events = random_events(a.items, 50, 3);
  const std::vector<std::span<const ItemIndex>> sequences{events};
  const auto first = sotto::train::quantize(model, sequences);
  const auto second = sotto::train::quantize(model, sequences);
  REQUIRE((first.ok() && second.ok()));
  CHECK(first->weights.head_multiplier == second->weights.head_multiplier);
  CHECK(first->weights.lstm[0].hidden_weights.values == second->weights.lstm[0].hidden_weights.values);

  const auto none = sotto::train::quantize(model, {});
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == sotto::ErrorCode::invalid_argument);
}

TEST_CASE("a binary head keeps its 8 bits", "[train][quantize]") {
  const sotto::Architecture binary{20, 8, 8, 1, false, false, false, false, sotto::HeadKind::binary};
  const auto model = sotto::test::random_float_model(binary, 12);
  const auto events = random_events(binary.items, 50, 3);
  const auto refused = sotto::train::quantize(model, std::vector<std::span<const ItemIndex>>{events}, 4);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == sotto::ErrorCode::invalid_argument);
  CHECK(refused.error().detail.find("binary head") != std::string::npos);
}

TEST_CASE("weights beyond the formats are refused by name", "[train][quantize]") {
  const sotto::Architecture a{20, 8, 8, 1, true, false};
  auto model = sotto::test::random_float_model(a, 13);
  model.weights.lstm[0].bias[5] = 1000.0F;
  const auto events = random_events(a.items, 50, 3);
  const std::vector<std::span<const ItemIndex>> sequences{events};
  const auto refused = sotto::train::quantize(model, sequences);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == sotto::ErrorCode::out_of_range);
  CHECK(refused.error().detail.find("lstm.0.bias") != std::string::npos);
}

TEST_CASE("rows of zeros quantise to zeros", "[train][quantize]") {
  const sotto::Architecture a{20, 8, 8, 1, true, true};
  auto model = sotto::test::random_float_model(a, 14);
  std::ranges::fill(model.weights.embedding.row(3), 0.0F);
  const auto events = random_events(a.items, 50, 3);
  const std::vector<std::span<const ItemIndex>> sequences{events};
  const auto fixed = sotto::train::quantize(model, sequences);
  REQUIRE(fixed.ok());
  CHECK(std::ranges::all_of(fixed->weights.embedding.row(3), [](std::int8_t v) { return v == 0; }));
}
