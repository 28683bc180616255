#include <sotto/numeric/internal/activations.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace {

// The largest error over all 65,536 inputs, in units of Q0.15.
template <class Fixed, class Exact>
double worst_error(Fixed fixed, Exact exact) {
  double worst = 0;
  for (int x = -32768; x <= 32767; ++x) {
    const double wanted = std::clamp(exact(x / 4096.0) * 32768.0, -32767.0, 32767.0);
    worst = std::max(worst, std::abs(wanted - fixed(static_cast<std::int16_t>(x))));
  }
  return worst;
}

template <class Fixed>
bool is_monotonic(Fixed fixed) {
  for (int x = -32768; x < 32767; ++x) {
    if (fixed(static_cast<std::int16_t>(x)) > fixed(static_cast<std::int16_t>(x + 1))) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the activation tables are as close as their header says", "[numeric][activations]") {
  CHECK(worst_error(sotto::sigmoid_q15, [](double x) { return 1.0 / (1.0 + std::exp(-x)); }) < 1.5);
  CHECK(worst_error(sotto::tanh_q15, [](double x) { return std::tanh(x); }) < 4.5);
}

TEST_CASE("the activations never decrease", "[numeric][activations]") {
  CHECK(is_monotonic(sotto::sigmoid_q15));
  CHECK(is_monotonic(sotto::tanh_q15));
}

TEST_CASE("the activations' landmarks", "[numeric][activations]") {
  CHECK(sotto::sigmoid_q15(0) == 16384);
  CHECK(sotto::tanh_q15(0) == 0);
  CHECK(sotto::sigmoid_q15(32767) == 32757);
  CHECK(sotto::sigmoid_q15(-32768) == 11);
  CHECK(sotto::tanh_q15(32767) == 32767);
  CHECK(sotto::tanh_q15(-32768) == -32767);
}
