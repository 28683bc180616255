// Sums of shares: noise, signs, encodings, and what does not fit.
#include "byte_source.hpp"

#include <sotto/privacy/aggregate_share.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <vector>

namespace sotto::privacy {
namespace {

// Two shares of the values.
std::pair<AggregateShare, AggregateShare> shared(const std::vector<Field128>& values) {
  ByteSource source{1};
  AggregateShare leader{values.size()};
  AggregateShare helper{values.size()};
  std::vector<Field128> mask;
  std::vector<Field128> rest;
  for (const Field128 value : values) {
    mask.push_back(Field128{source.word()} * Field128{source.word()} * Field128{source.word()});
    rest.push_back(value - mask.back());
  }
  REQUIRE((leader.add(mask).ok() && helper.add(rest).ok()));
  return {leader, helper};
}

}  // namespace

TEST_CASE("an aggregate share keeps its bytes, and refuses others") {
  const auto [leader, helper] = shared({Field128{3}, Field128{0}, Field128{9}});
  const auto bytes = leader.encode();
  CHECK(bytes.size() == 48);
  const auto decoded = AggregateShare::decode(bytes, 3);
  REQUIRE(decoded.ok());
  CHECK(decoded->encode() == bytes);
  CHECK(*unshard(*decoded, helper, 12) == std::vector<std::uint64_t>{3, 0, 9});
  CHECK(AggregateShare::decode(bytes, 2).error().code == ErrorCode::malformed);
  CHECK(AggregateShare::decode(std::span{bytes}.first(47), 3).error().code == ErrorCode::malformed);
  auto spoiled = bytes;
  std::fill(spoiled.end() - 16, spoiled.end(), std::byte{0xff});
  CHECK(AggregateShare::decode(spoiled, 3).error().code == ErrorCode::out_of_range);
}

TEST_CASE("shares of an aggregator merge, and lengths must agree") {
  auto [leader, helper] = shared({Field128{1}, Field128{2}});
  const auto [leader2, helper2] = shared({Field128{10}, Field128{20}});
  REQUIRE((leader.merge(leader2).ok() && helper.merge(helper2).ok()));
  CHECK(*unshard(leader, helper, 33) == std::vector<std::uint64_t>{11, 22});
  CHECK(leader.merge(AggregateShare{3}).error().code == ErrorCode::invalid_argument);
  CHECK(leader.add(std::vector<Field128>(1)).error().code == ErrorCode::invalid_argument);
  CHECK(leader.add_noise(std::vector<std::int64_t>(3)).error().code == ErrorCode::invalid_argument);
  CHECK(unshard(leader, AggregateShare{1}, 1).error().code == ErrorCode::invalid_argument);
  CHECK(unshard_signed(leader, AggregateShare{3}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("noise on either share moves the sum, below zero too") {
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  auto [leader, helper] = shared({Field128{5}, Field128{5}, Field128{0}, Field128{0}, Field128{1}});
  REQUIRE(leader.add_noise(std::vector<std::int64_t>{-9, 4, lowest, highest, -1}).ok());
  REQUIRE(helper.add_noise(std::vector<std::int64_t>{1, 0, 0, 0, 0}).ok());
  const auto sums = unshard_signed(leader, helper);
  REQUIRE(sums.ok());
  CHECK(*sums == std::vector<std::int64_t>{-3, 9, lowest, highest, 0});
  // Without signs there is no number for them.
  CHECK(unshard(leader, helper, 10).error().code == ErrorCode::out_of_range);
}

TEST_CASE("a sum that does not fit is refused") {
  const std::uint64_t above = std::uint64_t{1} << 63;
  for (const Field128 value :
       {Field128{above}, -Field128{above + 1}, Field128::from_words(0, 1), Field128::from_words(5, above)}) {
    const auto [leader, helper] = shared({Field128{1}, value});
    CHECK(unshard_signed(leader, helper).error().code == ErrorCode::out_of_range);
    CHECK(unshard(leader, helper, 1'000'000).error().code == ErrorCode::out_of_range);
  }
  const auto [leader, helper] = shared({-Field128{above}});
  CHECK(unshard_signed(leader, helper).ok());
  const auto [leader2, helper2] = shared({Field128{7}});
  CHECK(unshard(leader2, helper2, 7).ok());
  CHECK(unshard(leader2, helper2, 6).error().code == ErrorCode::out_of_range);
}

}  // namespace sotto::privacy
