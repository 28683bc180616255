#include <sotto/personal/gate.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>

TEST_CASE("the gate follows the better record, and comes back from it", "[personal][gate]") {
  sotto::Gate gate;
  CHECK(gate.weight() == 0.5F);
  for (int event = 0; event < 20; ++event) gate.update(0.1F, 0.2F);
  CHECK(gate.weight() > 0.9F);
  CHECK(gate.record().events == 20);
  CHECK(std::abs(gate.record().base_log_likelihood - 20 * std::log(0.1)) < 1e-4);
  CHECK(std::abs(gate.record().personal_log_likelihood - 20 * std::log(0.2)) < 1e-4);
  // A long good record does not outweigh a bad turn for long.
  int events = 0;
  for (; gate.weight() > 0.1F; ++events) gate.update(0.2F, 0.1F);
  CHECK(events < 12);
}

TEST_CASE("what both think impossible changes nothing", "[personal][gate]") {
  sotto::Gate gate;
  gate.update(0, 0);
  CHECK(gate.weight() == 0.5F);
  CHECK(std::isfinite(gate.record().base_log_likelihood));
  gate.update(0, 1);
  CHECK(gate.weight() > 0.95F);
  CHECK(gate.weight() < 1.0F);
}
