#include <sotto/report/axis.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>
#include <vector>

using namespace sotto::report;
using Catch::Approx;
using Labels = std::vector<std::string>;

TEST_CASE("ticks are round numbers and the ends lie on them") {
  CHECK(linear_axis(0, 0.2486, 5, AxisEnds::round).tick_labels() ==
        Labels{"0.00", "0.05", "0.10", "0.15", "0.20", "0.25"});
  CHECK(linear_axis(0, 1, 5, AxisEnds::round).tick_labels() == Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(linear_axis(-0.013, 0.041, 3, AxisEnds::round).tick_labels() ==
        Labels{"−0.02", "0.00", "0.02", "0.04", "0.06"});
  CHECK(linear_axis(0, 7'469, 4, AxisEnds::round).tick_labels() == Labels{"0", "2,000", "4,000", "6,000", "8,000"});
  const Axis axis = linear_axis(0, 0.2486, 5, AxisEnds::round);
  CHECK(axis.low == 0);
  CHECK(axis.high == Approx(0.25));
}

TEST_CASE("exact ends leave no margin and keep the ticks inside") {
  const Axis axis = linear_axis(1, 50, 6, AxisEnds::exact);
  CHECK(axis.low == 1);
  CHECK(axis.high == 50);
  CHECK(axis.tick_labels() == Labels{"10", "20", "30", "40", "50"});
  CHECK(axis.place(1) == 0);
  CHECK(axis.place(25.5) == Approx(0.5));
  CHECK(axis.place(51) == 1);
}

TEST_CASE("a single value still has an axis") {
  for (const double value : {0.0, 5.0, -5.0, 0.001}) {
    CAPTURE(value);
    const Axis axis = linear_axis(value, value, 5, AxisEnds::round);
    CHECK(axis.low <= value);
    CHECK(axis.high > value);
    CHECK(axis.ticks.size() >= 2);
  }
}

TEST_CASE("logarithmic ticks are 1, 2 and 5 times powers of ten, over many powers the powers alone") {
  const Axis axis = logarithmic_axis(1, 50);
  CHECK(axis.tick_labels() == Labels{"1", "2", "5", "10", "20", "50"});
  CHECK(axis.place(1) == 0);
  CHECK(axis.place(50) == 1);
  CHECK(axis.place(std::sqrt(50.0)) == Approx(0.5));
  CHECK(logarithmic_axis(0.5, 20'000).tick_labels() == Labels{"1", "10", "100", "1,000", "10,000"});
}
