#include <sotto/http/rate_limit.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace sotto::http;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::steady_clock::time_point start{};
Address client(unsigned number) {
  return *parse_address("10.0." + std::to_string(number / 256) + "." + std::to_string(number % 256));
}

}  // namespace

TEST_CASE("lets a burst pass, then the rate") {
  RateLimit limit(2, 3, 10);
  for (int i = 0; i < 3; ++i) CHECK(limit.take(client(1), start) == 0);
  CHECK(limit.take(client(1), start) == 1);
  CHECK(limit.take(client(1), start + 499ms) == 1);
  CHECK(limit.take(client(1), start + 500ms) == 0);
  CHECK(limit.take(client(1), start + 500ms) == 1);
}

TEST_CASE("saves up no more than the burst") {
  RateLimit limit(1, 2, 10);
  CHECK(limit.take(client(1), start) == 0);
  for (int i = 0; i < 2; ++i) CHECK(limit.take(client(1), start + 1h) == 0);
  CHECK(limit.take(client(1), start + 1h) == 1);
}

TEST_CASE("says how long to wait") {
  RateLimit limit(0.1, 0, 10);
  CHECK(limit.take(client(1), start) == 0);
  CHECK(limit.take(client(1), start) == 10);
  CHECK(limit.take(client(1), start + 4s) == 6);
}

TEST_CASE("limits each client by itself") {
  RateLimit limit(1, 1, 10);
  CHECK(limit.take(client(1), start) == 0);
  CHECK(limit.take(client(1), start) == 1);
  CHECK(limit.take(client(2), start) == 0);
}

TEST_CASE("forgets the client that was quiet for longest when the table is full") {
  RateLimit limit(1, 1, 100);
  for (unsigned i = 0; i < 1000; ++i) {
    CHECK(limit.take(client(i), start) == 0);
    CHECK(limit.clients() <= 100);
  }
  CHECK(limit.take(client(999), start) == 1);
  CHECK(limit.take(client(900), start) == 1);
  CHECK(limit.take(client(0), start) == 0);
  CHECK(limit.take(client(901), start) == 0);  // client 0 took its place
}

TEST_CASE("takes a clock that stands still or goes back") {
  RateLimit limit(1, 1, 10);
  CHECK(limit.take(client(1), start + 1h) == 0);
  CHECK(limit.take(client(1), start) == 1);
}

TEST_CASE("sets no limit at a rate of zero") {
  RateLimit limit(0, 0, 10);
  for (int i = 0; i < 100; ++i) CHECK(limit.take(client(1), start) == 0);
  CHECK(limit.clients() == 0);
}
