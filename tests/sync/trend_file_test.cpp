#include "../support/hex.hpp"

#include <sotto/sync/trend_file.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>

namespace sotto::sync {
namespace {

const SlotsFingerprint small_fingerprint{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4},
                                         std::byte{5}, std::byte{6}, std::byte{7}, std::byte{8}};

SlotMap small_map() {
  const std::vector<std::uint64_t> counts{0, 0, 4};
  return *SlotMap::make(5, counts);  // nothing, untrained, untrained, trained, unused
}

TrendFile small_trend() { return {9, small_fingerprint, {0, -2048, trend_zero_probability, 700, 0}}; }

TEST_CASE("a trend has its pinned bytes and comes back from them") {
  const auto bytes = small_trend().encode();
  REQUIRE(bytes.ok());
  CHECK(test::to_hex(*bytes) == "53545452010000000900000000000000010203040506070805000000000000f80080bc020000");
  const auto decoded = TrendFile::decode(*bytes);
  REQUIRE(decoded.ok());
  CHECK(*decoded == small_trend());
}

TEST_CASE("the trend of 4,096 slots takes 8 kB and a header") {
  TrendFile trend;
  trend.values.resize(4096);
  CHECK(trend.encode()->size() == 8192 + 28);
}

TEST_CASE("a trend that is cut off or changed is refused") {
  Bytes bytes = *small_trend().encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(TrendFile::decode(ByteSpan(bytes).first(size)).ok());
  }
  bytes.push_back(std::byte{0});
  CHECK(TrendFile::decode(bytes).error().code == ErrorCode::malformed);
  bytes.pop_back();
  bytes[4] = std::byte{2};
  CHECK(TrendFile::decode(bytes).error().code == ErrorCode::unsupported_version);
  bytes[4] = std::byte{1};
  bytes[27] = std::byte{0xff};  // 4 billion slots
  CHECK(TrendFile::decode(bytes).error().code == ErrorCode::out_of_range);
  CHECK(TrendFile{}.encode().error().code == ErrorCode::out_of_range);
}

TEST_CASE("a trend must fit its slot map") {
  const SlotMap map = small_map();
  CHECK(check_trend(small_trend(), map, small_fingerprint).ok());
  CHECK(check_trend(small_trend(), map, {}).error().code == ErrorCode::mismatch);
  auto trend = small_trend();
  trend.values.push_back(0);
  CHECK(check_trend(trend, map, small_fingerprint).error().code == ErrorCode::mismatch);
  const auto with = [&](std::size_t slot, std::int16_t value) {
    auto changed = small_trend();
    changed.values[slot] = value;
    return check_trend(changed, map, small_fingerprint).ok();
  };
  CHECK_FALSE(with(0, 1));                        // nothing
  CHECK_FALSE(with(1, 1));                        // a probability above 1
  CHECK_FALSE(with(2, 1));
  CHECK_FALSE(with(3, trend_zero_probability));   // no ratio
  CHECK(with(3, -32'767));
  CHECK_FALSE(with(4, -1));                       // unused
}

TEST_CASE("numbers become the nearest legal value") {
  CHECK(trend_ratio(0.5) == 512);
  CHECK(trend_ratio(-0.0004) == 0);
  CHECK(trend_ratio(100) == 32'767);
  CHECK(trend_ratio(-std::numeric_limits<double>::infinity()) == -32'767);
  CHECK(trend_ratio(std::nan("")) == 0);
  CHECK(trend_log_probability(std::log(0.25)) == -1420);
  CHECK(trend_log_probability(0.1) == 0);
  CHECK(trend_log_probability(std::log(0.0)) == trend_zero_probability);
  CHECK(trend_log_probability(std::nan("")) == trend_zero_probability);
}

TEST_CASE("a slot map's fingerprint is the beginning of its hash") {
  Sha256 hash{};
  hash[0] = std::byte{7};
  hash[8] = std::byte{9};
  CHECK(test::to_hex(slots_fingerprint(hash)) == "0700000000000000");
}

}  // namespace
}  // namespace sotto::sync
