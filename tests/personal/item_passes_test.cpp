#include <sotto/personal/internal/item_passes.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

constexpr std::int32_t largest = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t smallest = std::numeric_limits<std::int32_t>::min();

std::int32_t sum(std::int32_t base, std::int32_t move, float share) {
  std::array<std::int32_t, 1> out{};
  sotto::add_share({&base, 1}, {&move, 1}, share, out);
  return out[0];
}

}  // namespace

TEST_CASE("a share of what moves the scores is added, rounded and saturated", "[personal][item-passes]") {
  CHECK(sum(100, 3, 1.0F) == 103);
  CHECK(sum(100, 3, 0.5F) == 102);
  CHECK(sum(100, -3, 0.5F) == 98);
  CHECK(sum(-100, 1, 0.49F) == -100);
  CHECK(sum(7, largest, 0.0F) == 7);
  CHECK(sum(largest, 1, 1.0F) == largest);
  CHECK(sum(largest, largest, 1.0F) == largest);
  CHECK(sum(smallest, -1, 1.0F) == smallest);
  CHECK(sum(smallest, smallest, 1.0F) == smallest);
  CHECK(sum(largest, smallest, 1.0F) == 127);  // as far as float32 reaches: 2147483520
  CHECK(sum(smallest, largest, 1.0F) == -128);
}

TEST_CASE("many scores move as one does", "[personal][item-passes]") {
  std::vector<std::int32_t> base(37);
  std::vector<std::int32_t> moves(37);
  for (std::int32_t i = 0; i < 37; ++i) {
    base[static_cast<std::size_t>(i)] = i * 1'000'003 - 17'000'000;
    moves[static_cast<std::size_t>(i)] = i * -90'001 + 1'500'000;
  }
  std::vector<std::int32_t> out(37);
  sotto::add_share(base, moves, 0.3F, out);
  std::vector<float> log_odds(37);
  sotto::scale_scores(out, 0.25F, log_odds);
  sotto::multiply(log_odds, 2.0F);
  for (std::size_t i = 0; i < 37; ++i) {
    CHECK(out[i] == sum(base[i], moves[i], 0.3F));
    CHECK(log_odds[i] == 0.5F * static_cast<float>(out[i]));
  }
}
