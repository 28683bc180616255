#include <sotto/personal/gate.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <numeric>

namespace {

using sotto::Gate;

// Base, with the memory, with the taste, with both.
constexpr Gate::Weights memory_helps{0.1F, 0.2F, 0.1F, 0.2F};
constexpr Gate::Weights all_harm{0.2F, 0.1F, 0.1F, 0.1F};

}  // namespace

TEST_CASE("a gate trusts the base at first", "[personal][gate]") {
  const Gate gate;
  CHECK(gate.trust() < 0.5F);
  CHECK(gate.memory_share() < 0.2F);
  CHECK(gate.taste_share() < 0.5F);
}

TEST_CASE("the gate follows the better record, of each part alone, and comes back from it", "[personal][gate]") {
  Gate gate;
  for (int event = 0; event < 20; ++event) gate.update(memory_helps);
  CHECK(gate.memory_share() > 0.9F);
  CHECK(gate.taste_share() < 0.4F);
  CHECK(std::abs(std::reduce(gate.weights().begin(), gate.weights().end()) - 1) < 1e-5F);
  CHECK(gate.record().events == 20);
  CHECK(std::abs(gate.record().base_log_likelihood - 20 * std::log(0.1)) < 1e-4);
  CHECK(std::abs(gate.record().personal_log_likelihood - 20 * std::log(0.2)) < 1e-4);
  // A long good record does not outweigh a bad turn for long.
  int events = 0;
  for (; gate.trust() > 0.1F; ++events) gate.update(all_harm);
  CHECK(events < 12);
}

TEST_CASE("what all think impossible changes nothing", "[personal][gate]") {
  Gate gate;
  const Gate::Weights before = gate.weights();
  gate.update({});
  for (std::size_t k = 0; k < Gate::predictors; ++k) CHECK(std::abs(gate.weights()[k] - before[k]) < 1e-6F);
  CHECK(std::isfinite(gate.record().base_log_likelihood));
  gate.update({0, 0, 0, 1});
  CHECK(gate.trust() > 0.95F);
  CHECK(gate.trust() < 1.0F);
}
