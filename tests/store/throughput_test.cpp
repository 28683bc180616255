// How many requests of one event a store makes durable per second, by the number that wait for each other's commit:
//   sotto_store_tests "[.benchmark]"
#include "places.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>

using namespace sotto;
using namespace sotto::store;

TEMPLATE_TEST_CASE("appends per second", "[.benchmark]", test::OnSqlite, test::OnPostgres) {
  const TestType place;
  const auto store = place.open();
  constexpr std::int64_t noon = 1'750'000'000;
  constexpr std::size_t users = 20'000;
  const auto seconds = std::chrono::seconds(3);
  std::uint64_t user = 1;
  for (const std::size_t batch : {1U, 16U, 64U, 256U}) {
    for (const bool has_key : {false, true}) {
      std::vector<Append> requests(batch);
      std::uint64_t count = 0;
      const auto start = std::chrono::steady_clock::now();
      while (std::chrono::steady_clock::now() - start < seconds) {
        for (Append& request : requests) {
          user = user * 6364136223846793005ULL + 1442695040888963407ULL;
          const auto key = has_key ? "key " + std::to_string(user) : std::string();
          request = {"user " + std::to_string((user >> 33U) % users), {{"85123A", noon, 1, 0}}, key, key, "{}", noon};
        }
        const auto appended = store->append(requests);
        INFO((appended ? "" : appended.error().detail));
        REQUIRE(appended);
        count += batch;
      }
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      std::printf("%s, %zu requests in a transaction%s: %.0f events/s\n", store->description().c_str(), batch,
                  has_key ? ", with idempotency keys" : "", static_cast<double>(count) / took.count());
    }
  }
}
