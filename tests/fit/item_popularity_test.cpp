#include "../support/small_logs.hpp"

#include <sotto/fit/item_popularity.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace sotto::fit {
namespace {

TEST_CASE("popularity of late halves with every 30 days", "[fit]") {
  // Item 0 has two events of long ago, item 1 one of today, item 2 none in training.
  auto log = test::make_log({{0, 0, 1, 2, 2}});
  constexpr std::int64_t day = 86'400;
  log.timestamp = {0, 0, 60 * day, 90 * day, 91 * day};
  const ItemPopularity popularity = item_popularity(data::Split(log, data::SplitKind::leave_last_out));
  const auto difference = [](const AlignedBuffer<float>& logs, std::size_t a, std::size_t b) {
    return static_cast<double>(logs[a]) - static_cast<double>(logs[b]);
  };
  CHECK(std::abs(difference(popularity.overall, 0, 1) - std::log(3.0 / 2)) < 1e-5);
  CHECK(std::abs(difference(popularity.overall, 1, 2) - std::log(2.0)) < 1e-5);
  CHECK(std::abs(difference(popularity.lately, 0, 1) - std::log((2 * 0.25 + 0.1) / (1 + 0.1))) < 1e-5);
  CHECK(std::abs(difference(popularity.lately, 1, 2) - std::log((1 + 0.1) / 0.1)) < 1e-5);
}

}  // namespace
}  // namespace sotto::fit
