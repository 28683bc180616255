// Reports of Prio3Histogram: honest ones are counted, all others are refused.
#include "../support/hex.hpp"
#include "whole_report.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/privacy/internal/histogram.hpp>
#include <sotto/privacy/internal/prio3.hpp>
#include <sotto/privacy/prio3_histogram.hpp>

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::privacy {
namespace {

Prio3Histogram histogram(std::size_t length, std::size_t chunk_length) {
  auto vdaf = Prio3Histogram::create(length, chunk_length);
  REQUIRE(vdaf.ok());
  return *vdaf;
}

// A report whose measurement is this vector, honest in everything else.
WholeReport report_of(std::span<const Field128> measurement, std::size_t chunk_length, ByteSource& source) {
  const Prio3Histogram vdaf = histogram(measurement.size(), chunk_length);
  WholeReport report = blank_report(vdaf, source);
  const Prio3<Histogram> prio3{Histogram{measurement.size(), chunk_length}, 4, 2, 1};
  prio3.shard(report.context, measurement, report.leader_nonce, source.bytes(vdaf.random_bytes()), report.public_share,
              report.leader_share, report.helper_share);
  return report;
}

// Refused for what it says, not for its form.
void check_refused(const Prio3Histogram& vdaf, const WholeReport& report) {
  const auto outputs = verify_report(vdaf, report);
  REQUIRE_FALSE(outputs.ok());
  CHECK(outputs.error().code == ErrorCode::mismatch);
}

}  // namespace

TEST_CASE("sums of honest reports are the plain counts") {
  struct Row {
    std::size_t length;
    std::size_t chunk;
    std::size_t reports;
  };
  for (const auto& [length, chunk, reports] :
       {Row{4096, 66, 300}, Row{1, 1, 3}, Row{2, 1, 10}, Row{2, 2, 10}, Row{7, 7, 20}, Row{63, 1, 40}, Row{64, 1, 40},
        Row{100, 33, 40}, Row{257, 16, 40}, Row{1000, 999, 10}}) {
    CAPTURE(length, chunk);
    const Prio3Histogram vdaf = histogram(length, chunk);
    ByteSource source{length + chunk};
    AggregateShare leader{length};
    AggregateShare helper{length};
    std::vector<std::uint64_t> counts(length);
    for (std::size_t i = 0; i < reports; ++i) {
      const std::size_t bucket = i == 0 ? 0 : i == 1 ? length - 1 : source.below(length);
      const auto outputs = verify_report(vdaf, make_report(vdaf, bucket, source));
      REQUIRE(outputs.ok());
      REQUIRE(leader.add(outputs->first).ok());
      REQUIRE(helper.add(outputs->second).ok());
      ++counts[bucket];
    }
    const auto sums = unshard(leader, helper, reports);
    REQUIRE(sums.ok());
    CHECK(*sums == counts);
  }
}

TEST_CASE("a measurement that is not one choice is refused") {
  ByteSource source{3};
  for (const auto& [length, chunk] : {std::pair{4, 2}, std::pair{100, 10}, std::pair{4096, 66}}) {
    CAPTURE(length);
    const auto size = static_cast<std::size_t>(length);
    const Prio3Histogram vdaf = histogram(size, static_cast<std::size_t>(chunk));
    const auto check = [&](std::initializer_list<std::pair<std::size_t, Field128>> values, bool accepted) {
      std::vector<Field128> measurement(size);
      for (const auto& [index, value] : values) measurement[index] = value;
      const WholeReport report = report_of(measurement, static_cast<std::size_t>(chunk), source);
      if (accepted) {
        CHECK(verify_report(vdaf, report).ok());
      } else {
        check_refused(vdaf, report);
      }
    };
    const Field128 one{1};
    check({{1, one}}, true);
    check({}, false);
    check({{0, one}, {size - 1, one}}, false);
    check({{0, one}, {1, one}}, false);
    check({{2, Field128{2}}}, false);
    check({{2, -one}}, false);
    check({{2, Field128{2}}, {3, -one}}, false);  // The sum is one.
    check({{1, one}, {2, one}, {3, -one}}, false);
    check({{1, inverse(Field128{2})}, {2, inverse(Field128{2})}}, false);
    check({{1, one}, {3, Field128{1'000'000}}}, false);
  }
}

TEST_CASE("a report with any changed byte is refused") {
  const Prio3Histogram vdaf = histogram(9, 4);
  ByteSource source{4};
  const WholeReport honest = make_report(vdaf, 5, source);
  REQUIRE(verify_report(vdaf, honest).ok());
  const auto check_all = [&](const char* what, std::size_t bytes,
                             const std::function<std::byte&(WholeReport&, std::size_t)>& byte_of) {
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      for (const unsigned bit : {0U, 7U}) {
        WholeReport changed = honest;
        byte_of(changed, i) ^= static_cast<std::byte>(1U << bit);
        accepted += verify_report(vdaf, changed).ok();
      }
    }
    CAPTURE(what);
    CHECK(accepted == 0);
  };
  using R = WholeReport;
  check_all("leader's share", honest.leader_share.size(),
            [](R& r, std::size_t i) -> auto& { return r.leader_share[i]; });
  check_all("helper's share", honest.helper_share.size(),
            [](R& r, std::size_t i) -> auto& { return r.helper_share[i]; });
  check_all("public share", honest.public_share.size(), [](R& r, std::size_t i) -> auto& { return r.public_share[i]; });
  check_all("context of both", honest.context.size(), [](R& r, std::size_t i) -> auto& { return r.context[i]; });
  check_all("nonce of one", prio3_nonce_bytes, [](R& r, std::size_t i) -> auto& { return r.helper_nonce[i]; });
  check_all("key of one", prio3_verify_key_bytes, [](R& r, std::size_t i) -> auto& { return r.leader_key[i]; });
  // Both aggregators take another nonce than the client's.
  for (std::size_t i = 0; i < prio3_nonce_bytes; ++i) {
    WholeReport changed = honest;
    changed.leader_nonce[i] ^= std::byte{1};
    changed.helper_nonce = changed.leader_nonce;
    check_refused(vdaf, changed);
  }
  // A key is the aggregators' own: any that they share will do.
  WholeReport other_key = honest;
  other_key.leader_key[0] ^= std::byte{1};
  other_key.helper_key = other_key.leader_key;
  CHECK(verify_report(vdaf, other_key).ok());
}

TEST_CASE("a verifier share or message with any changed byte is refused") {
  const Prio3Histogram vdaf = histogram(9, 4);
  ByteSource source{5};
  const WholeReport report = make_report(vdaf, 2, source);
  const auto start = [&](Party party) {
    return vdaf.start_verification(party, report.leader_key, report.context, report.leader_nonce, report.public_share,
                                   party == Party::leader ? report.leader_share : report.helper_share);
  };
  const auto leader = start(Party::leader);
  const auto helper = start(Party::helper);
  REQUIRE((leader.ok() && helper.ok()));
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < vdaf.verifier_share_bytes(); ++i) {
    for (const bool leaders : {true, false}) {
      auto changed = leaders ? leader->verifier_share : helper->verifier_share;
      changed[i] ^= std::byte{1};
      const auto message = leaders ? vdaf.combine(report.context, changed, helper->verifier_share)
                                   : vdaf.combine(report.context, leader->verifier_share, changed);
      // A changed part of the joint randomness shows when the aggregators compare the message with their own.
      accepted += message.ok() && vdaf.finish(leader->state, *message).ok();
      accepted += message.ok() && vdaf.finish(helper->state, *message).ok();
    }
  }
  CHECK(accepted == 0);

  const auto message = vdaf.combine(report.context, leader->verifier_share, helper->verifier_share);
  REQUIRE(message.ok());
  for (std::size_t i = 0; i < message->size(); ++i) {
    auto changed = *message;
    changed[i] ^= std::byte{0x80};
    const auto output = vdaf.finish(leader->state, changed);
    REQUIRE_FALSE(output.ok());
    CHECK(output.error().code == ErrorCode::mismatch);
  }
  // The aggregators' shares may not change places.
  CHECK_FALSE(vdaf.combine(report.context, leader->verifier_share, leader->verifier_share).ok());
}

TEST_CASE("parts of two reports do not go together") {
  const Prio3Histogram vdaf = histogram(100, 10);
  ByteSource source{6};
  const WholeReport first = make_report(vdaf, 7, source);
  WholeReport second = make_report(vdaf, 7, source);
  second.context = first.context;
  second.leader_key = second.helper_key = first.leader_key;
  WholeReport mixed = first;
  mixed.public_share = second.public_share;
  check_refused(vdaf, mixed);
  mixed = first;
  mixed.leader_share = second.leader_share;
  check_refused(vdaf, mixed);
  mixed = first;
  mixed.helper_share = second.helper_share;
  check_refused(vdaf, mixed);
  mixed = first;
  mixed.leader_nonce = mixed.helper_nonce = second.leader_nonce;
  check_refused(vdaf, mixed);
  // The two parts of a public share in the wrong order.
  mixed = first;
  std::ranges::rotate(mixed.public_share, mixed.public_share.begin() + prio3_seed_bytes);
  check_refused(vdaf, mixed);
}

TEST_CASE("a report for another length or chunk length is refused") {
  ByteSource source{7};
  const WholeReport report = make_report(histogram(100, 10), 7, source);
  CHECK_FALSE(verify_report(histogram(100, 11), report).ok());
  CHECK_FALSE(verify_report(histogram(101, 10), report).ok());
  CHECK_FALSE(verify_report(histogram(99, 10), report).ok());
}

TEST_CASE("lengths and chunk lengths outside their ranges are refused") {
  CHECK(Prio3Histogram::create(65'536, 256).ok());
  for (const auto& [length, chunk] : {std::pair{0, 1}, std::pair{65'537, 256}, std::pair{10, 0}, std::pair{10, 11}}) {
    const auto vdaf = Prio3Histogram::create(static_cast<std::size_t>(length), static_cast<std::size_t>(chunk));
    REQUIRE_FALSE(vdaf.ok());
    CHECK(vdaf.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("sizes are the documented ones") {
  const Prio3Histogram vdaf = histogram(4096, 66);
  CHECK(vdaf.leader_share_bytes() == 69'712);
  CHECK(histogram(16384, 130).leader_share_bytes() == 270'416);
  CHECK(vdaf.input_share_bytes(Party::leader) == 69'712);
  CHECK(vdaf.input_share_bytes(Party::helper) == 64);
  CHECK(vdaf.helper_share_bytes() == 64);
  CHECK(vdaf.public_share_bytes() == 64);
  CHECK(vdaf.random_bytes() == 128);
  CHECK(vdaf.verifier_share_bytes() == 2 * 66 * 16 + 2 * 16 + 32);
  CHECK(vdaf.verifier_message_bytes() == 32);
  CHECK(vdaf.aggregate_share_bytes() == 65'536);
}

TEST_CASE("sharding refuses a bucket outside the histogram and spans of a wrong size") {
  const Prio3Histogram vdaf = histogram(16, 4);
  ByteSource source{8};
  WholeReport report = blank_report(vdaf, source);
  const auto random = source.bytes(129);
  const auto code = [&](std::size_t bucket, std::size_t random_bytes, std::size_t public_bytes,
                        std::size_t leader_bytes, std::size_t helper_bytes, std::size_t context_bytes = 3) {
    std::vector<std::byte> public_share(public_bytes), leader(leader_bytes), helper(helper_bytes);
    const auto status = vdaf.shard(std::vector<std::byte>(context_bytes), bucket, report.leader_nonce,
                                   std::span{random}.first(random_bytes), public_share, leader, helper);
    return status.ok() ? ErrorCode{} : status.error().code;
  };
  const std::size_t leader = vdaf.leader_share_bytes();
  CHECK(code(15, 128, 64, leader, 64) == ErrorCode{});
  CHECK(code(15, 128, 64, leader, 64, prio3_max_context_bytes) == ErrorCode{});
  CHECK(code(16, 128, 64, leader, 64) == ErrorCode::invalid_argument);
  CHECK(code(~std::size_t{0}, 128, 64, leader, 64) == ErrorCode::invalid_argument);
  CHECK(code(15, 127, 64, leader, 64) == ErrorCode::invalid_argument);
  CHECK(code(15, 129, 64, leader, 64) == ErrorCode::invalid_argument);
  CHECK(code(15, 128, 63, leader, 64) == ErrorCode::invalid_argument);
  CHECK(code(15, 128, 64, leader - 1, 64) == ErrorCode::invalid_argument);
  CHECK(code(15, 128, 64, leader, 65) == ErrorCode::invalid_argument);
  CHECK(code(15, 128, 64, leader, 64, prio3_max_context_bytes + 1) == ErrorCode::invalid_argument);
}

TEST_CASE("verification refuses shares of a wrong size and elements that are none") {
  const Prio3Histogram vdaf = histogram(16, 4);
  ByteSource source{9};
  const WholeReport report = make_report(vdaf, 3, source);
  const auto code = [&](const std::function<void(WholeReport&)>& change) {
    WholeReport changed = report;
    change(changed);
    const auto result = verify_report(vdaf, changed);
    return result.ok() ? ErrorCode{} : result.error().code;
  };
  CHECK(code([](WholeReport&) {}) == ErrorCode{});
  CHECK(code([](WholeReport& r) { r.leader_share.pop_back(); }) == ErrorCode::malformed);
  CHECK(code([](WholeReport& r) { r.leader_share.push_back({}); }) == ErrorCode::malformed);
  CHECK(code([](WholeReport& r) { r.leader_share.clear(); }) == ErrorCode::malformed);
  CHECK(code([](WholeReport& r) { r.helper_share.pop_back(); }) == ErrorCode::malformed);
  CHECK(code([](WholeReport& r) { r.helper_share.push_back({}); }) == ErrorCode::malformed);
  CHECK(code([](WholeReport& r) { r.public_share.pop_back(); }) == ErrorCode::malformed);
  CHECK(code([](WholeReport& r) { r.public_share.clear(); }) == ErrorCode::malformed);
  CHECK(code([](WholeReport& r) { r.context.resize(prio3_max_context_bytes + 1); }) == ErrorCode::invalid_argument);
  // The first element of the measurement, and the last of the proof.
  const auto spoil = [](std::vector<std::byte>& bytes, std::size_t element) {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(16 * element), 16, std::byte{0xff});
  };
  CHECK(code([&](WholeReport& r) { spoil(r.leader_share, 0); }) == ErrorCode::out_of_range);
  CHECK(code([&](WholeReport& r) { spoil(r.leader_share, r.leader_share.size() / 16 - 3); }) ==
        ErrorCode::out_of_range);

  const auto start = vdaf.start_verification(Party::leader, report.leader_key, report.context, report.leader_nonce,
                                             report.public_share, report.leader_share);
  REQUIRE(start.ok());
  auto spoiled = start->verifier_share;
  spoil(spoiled, 2);
  CHECK(vdaf.combine(report.context, spoiled, start->verifier_share).error().code == ErrorCode::out_of_range);
  CHECK(vdaf.combine(report.context, start->verifier_share, spoiled).error().code == ErrorCode::out_of_range);
  const auto shorter = std::span{start->verifier_share}.first(start->verifier_share.size() - 1);
  CHECK(vdaf.combine(report.context, shorter, start->verifier_share).error().code == ErrorCode::malformed);
  CHECK(vdaf.combine(report.context, start->verifier_share, {}).error().code == ErrorCode::malformed);
  CHECK(vdaf.finish(start->state, {}).error().code == ErrorCode::malformed);
  CHECK(vdaf.finish(start->state, std::vector<std::byte>(33)).error().code == ErrorCode::malformed);
  // The error names what is wrong.
  const auto error = verify_report(vdaf,
                                   [&] {
                                     WholeReport r = report;
                                     r.helper_share.pop_back();
                                     return r;
                                   }())
                         .error();
  CHECK(error.detail == "the helper's input share has 63 bytes, expected 64");
}

TEST_CASE("a report of production's size has the pinned bytes") {
  // Made by this code; the crate prio 0.18.1 verifies such reports, and ours verifies the crate's (tests/interop/prio).
  const Prio3Histogram vdaf = histogram(4096, 66);
  std::vector<std::byte> random(128);
  for (std::size_t i = 0; i < random.size(); ++i) random[i] = static_cast<std::byte>(3 * i + 1);
  std::array<std::byte, prio3_nonce_bytes> nonce;
  for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<std::byte>(200 + i);
  std::vector<std::byte> public_share(64), leader(69'712), helper(64);
  const std::string context = "a context";
  REQUIRE(vdaf.shard(std::as_bytes(std::span{context}), 1234, nonce, random, public_share, leader, helper).ok());
  CHECK(test::to_hex(helper) == test::to_hex(std::span{random}.first(64)));
  CHECK(test::to_hex(public_share) ==
        "b1b8e1c01561d969e1313c26e686b6029cc614a898d883f55718655b03edb225"
        "e0f5dd1352950b8d7213b79c57edb0d5fd160e09acb1cfab9b39ecbb8a45f896");
  CHECK(xxh64(leader) == 0xdc97030c1ce5c7d3);
}

}  // namespace sotto::privacy
