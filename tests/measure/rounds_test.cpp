#include <sotto/measure/rounds.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>

using namespace sotto::measure;

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

bool never_stop(const RoundProgress&) { return false; }

bool near(double value, double expected) { return value > 0.999999 * expected && value < 1.000001 * expected; }

}  // namespace

TEST_CASE("contenders take turns, and a sample is as many calls as take long enough") {
  double now = 0;
  std::string order;
  const std::vector<std::function<void()>> contenders = {[&] {
                                                           now += 30e-6;
                                                           order += 'a';
                                                         },
                                                         [&] {
                                                           now += 0.5;
                                                           order += 'b';
                                                         }};
  const RoundTimes times =
      time_rounds(contenders, {.rounds = 3, .seconds = unlimited}, [&] { return now; }, never_stop);
  REQUIRE(times.rounds == 3);
  CHECK(times.calls == std::vector<std::size_t>{8, 1});  // 240 µs ≥ 200 µs > 120 µs
  REQUIRE(times.seconds.size() == 2);
  REQUIRE(times.seconds[0].size() == 3);
  for (const double seconds : times.seconds[0]) CHECK(near(seconds, 30e-6));
  for (const double seconds : times.seconds[1]) CHECK(near(seconds, 0.5));
  CHECK(near(times.total_seconds, now));
  CHECK(!times.stopped);
  const std::string round = "aaaaaaaaaaaaaaaabb";  // each sample after as many untimed calls
  CHECK(order.ends_with("b" + round + round + round));
}

TEST_CASE("one disturbed sample of the warm-up does not make samples too short") {
  double now = 0;
  int call = 0;
  const std::vector<std::function<void()>> contenders = {[&] { now += ++call == 2 ? 1e-3 : 30e-6; }};
  const RoundTimes times =
      time_rounds(contenders, {.rounds = 1, .seconds = unlimited}, [&] { return now; }, never_stop);
  CHECK(times.calls.front() == 8);
}

TEST_CASE("time ends the rounds, but not before the first one is whole") {
  double now = 0;
  const std::vector<std::function<void()>> contenders = {[&] { now += 1; }, [&] { now += 1; }};
  const auto rounds_within = [&](double seconds) {
    now = 0;
    return time_rounds(contenders, {.rounds = 0, .seconds = seconds}, [&] { return now; }, never_stop).rounds;
  };
  CHECK(rounds_within(0.5) == 1);
  CHECK(rounds_within(17) == 3);  // four calls of each to warm up, two seconds of each in every round
}

TEST_CASE("who stops loses the unfinished round only") {
  double now = 0;
  const std::vector<std::function<void()>> contenders = {[&] { now += 1; }, [&] { now += 1; }};
  const auto stop_at = [&](double seconds) {
    now = 0;
    return time_rounds(
        contenders, {.rounds = 0, .seconds = unlimited}, [&] { return now; },
        [&](const RoundProgress& progress) { return progress.seconds >= seconds; });
  };
  const RoundTimes early = stop_at(5);
  CHECK(early.stopped);
  CHECK(early.rounds == 0);
  const RoundTimes late = stop_at(13);
  CHECK(late.stopped);
  CHECK(late.rounds == 1);
  CHECK(late.seconds[0].size() == 1);
  CHECK(late.seconds[1].size() == 1);
}
