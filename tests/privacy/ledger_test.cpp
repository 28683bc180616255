// The device's ledger: the limit in 28 days under any clock, what was spent, and bytes that are damaged.
#include <sotto/base/hash.hpp>
#include <sotto/base/random.hpp>
#include <sotto/privacy/accountant.hpp>
#include <sotto/privacy/ledger.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

using namespace sotto;
using sotto::privacy::Ledger;
using sotto::privacy::Ratio;

namespace {

constexpr std::int64_t ledger_day = 24 * 60 * 60;
constexpr std::int64_t ledger_start = 1'790'000'000;
constexpr Ratio ledger_noise{8, 1};

// Makes a change to the bytes pass the hash, as somebody who knows the format could.
std::vector<std::byte> with_hash(std::vector<std::byte> bytes) {
  const std::uint64_t hash = xxh64(std::span(bytes).first(bytes.size() - 8));
  std::memcpy(&bytes[bytes.size() - 8], &hash, sizeof hash);
  return bytes;
}

Ledger with_reports(int count) {
  Ledger ledger;
  for (int i = 0; i < count; ++i) REQUIRE(ledger.record(ledger_start + i * ledger_day, 32, ledger_noise).ok());
  return ledger;
}

}  // namespace

TEST_CASE("the ledger refuses report k + 1 within 28 days, and says when the next may come") {
  const std::uint32_t limit = GENERATE(1U, 4U, 32U);
  Ledger ledger;
  std::int64_t now = ledger_start;
  for (std::uint32_t i = 0; i < limit; ++i) {
    REQUIRE(ledger.may_report(now, limit).granted());
    REQUIRE(ledger.record(now, limit, ledger_noise).ok());
    now += 1000;
  }
  const Ledger full = ledger;
  for (const std::int64_t later : {now, ledger_start + Ledger::window_seconds - 1}) {
    const Ledger::Permission permission = ledger.may_report(later, limit);
    CHECK(permission.refusal == Ledger::Refusal::limit_reached);
    CHECK(permission.earliest == ledger_start + Ledger::window_seconds);
    const Status recorded = ledger.record(later, limit, ledger_noise);
    REQUIRE_FALSE(recorded.ok());
    CHECK(recorded.error().code == ErrorCode::out_of_range);
    CHECK(ledger == full);
  }
  const std::int64_t earliest = ledger_start + Ledger::window_seconds;
  CHECK(ledger.record(earliest, limit, ledger_noise).ok());
  // The second report leaves the window 1,000 s later.
  if (limit > 1) {
    CHECK_FALSE(ledger.may_report(earliest + 999, limit).granted());
    CHECK(ledger.may_report(earliest + 1000, limit).granted());
  }
  CHECK(ledger.reports_in_all() == limit + 1);
  CHECK(ledger.reports_in_window(earliest) == limit);
}

TEST_CASE("a limit of none stops reports, and one above 32 counts as 32") {
  CHECK(Ledger().may_report(ledger_start, 0).refusal == Ledger::Refusal::reports_stopped);
  const Ledger ledger = with_reports(28);
  CHECK(ledger.may_report(ledger_start + 27 * ledger_day, 29).granted());
  CHECK_FALSE(ledger.may_report(ledger_start + 27 * ledger_day, 28).granted());
  Ledger more = ledger;
  for (int i = 0; i < 4; ++i) REQUIRE(more.record(ledger_start + 27 * ledger_day, 0xFFFFFFFFU, ledger_noise).ok());
  CHECK_FALSE(more.may_report(ledger_start + 27 * ledger_day, 0xFFFFFFFFU).granted());
}

TEST_CASE("a smaller limit counts the reports of the larger one") {
  const Ledger ledger = with_reports(10);
  const Ledger::Permission permission = ledger.may_report(ledger_start + 10 * ledger_day, 4);
  CHECK(permission.refusal == Ledger::Refusal::limit_reached);
  // The reports of days 6 to 9 are the last four.
  CHECK(permission.earliest == ledger_start + 6 * ledger_day + Ledger::window_seconds);
}

TEST_CASE("a clock that goes back frees nothing") {
  Ledger ledger;
  for (int i = 0; i < 3; ++i) REQUIRE(ledger.record(ledger_start + i, 4, ledger_noise).ok());
  // A fourth report under an earlier clock counts as made with the third.
  REQUIRE(ledger.record(ledger_start - 100 * ledger_day, 4, ledger_noise).ok());
  for (const std::int64_t days : {-100, -28, -1, 0, 27}) {
    CHECK_FALSE(ledger.may_report(ledger_start + days * ledger_day, 4).granted());
  }
  CHECK(ledger.reports_in_window(ledger_start - 100 * ledger_day) == 4);
  CHECK_FALSE(ledger.may_report(ledger_start + 1 + Ledger::window_seconds - 2, 4).granted());
  CHECK(ledger.may_report(ledger_start + Ledger::window_seconds, 4).granted());
}

TEST_CASE("a clock that jumps ahead and comes back blocks until it gets there again") {
  Ledger ledger;
  for (int i = 0; i < 4; ++i) REQUIRE(ledger.record(ledger_start, 4, ledger_noise).ok());
  const std::int64_t ahead = ledger_start + 40 * ledger_day;
  for (int i = 0; i < 4; ++i) REQUIRE(ledger.record(ahead, 4, ledger_noise).ok());
  for (const std::int64_t days : {0, 28, 40, 67}) {
    CHECK_FALSE(ledger.may_report(ledger_start + days * ledger_day, 4).granted());
  }
  CHECK(ledger.may_report(ledger_start + 68 * ledger_day, 4).granted());
  // A look under a wrong clock, without a report, changes nothing.
  Ledger looked;
  REQUIRE(looked.record(ledger_start, 1, ledger_noise).ok());
  CHECK(looked.may_report(ahead, 1).granted());
  CHECK_FALSE(looked.may_report(ledger_start + ledger_day, 1).granted());
}

TEST_CASE("a clock that is not set allows nothing") {
  const std::int64_t now = GENERATE(std::numeric_limits<std::int64_t>::min(), std::int64_t{0}, Ledger::min_time - 1,
                                    Ledger::max_time + 1, std::numeric_limits<std::int64_t>::max());
  Ledger ledger = with_reports(1);
  CHECK(ledger.may_report(now, 4).refusal == Ledger::Refusal::clock_not_set);
  CHECK_FALSE(ledger.record(now, 4, ledger_noise).ok());
  CHECK_FALSE(Ledger::damaged(now).ok());
  CHECK(ledger.reports_in_window(now) <= 1);
  CHECK(ledger.epsilon_in_window(now, 1e-6) >= 0);
}

TEST_CASE("whatever the clock does, no 28 days of recorded time have more than the limit") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U, 4U);
  CAPTURE(seed);
  Random random(seed);
  const std::uint32_t limit = 1 + random.below(6);
  Ledger ledger;
  std::vector<std::int64_t> recorded;
  std::int64_t now = ledger_start;
  for (int step = 0; step < 2'000; ++step) {
    const std::uint32_t kind = random.below(20);
    if (kind == 0) {
      now -= random.below(90) * ledger_day;
    } else if (kind == 1) {
      now += random.below(90) * ledger_day;
    } else {
      now += random.below(3 * static_cast<std::uint32_t>(ledger_day));
    }
    const bool granted = ledger.may_report(now, limit).granted();
    CHECK(granted == ledger.record(now, limit, ledger_noise).ok());
    if (granted) recorded.push_back(recorded.empty() ? now : std::max(now, recorded.back()));
    const Result<Ledger> stored = Ledger::read(ledger.bytes());
    REQUIRE(stored.ok());
    CHECK(*stored == ledger);
  }
  CHECK(recorded.size() > 10);
  CHECK(ledger.reports_in_all() == recorded.size());
  for (std::size_t i = limit; i < recorded.size(); ++i)
    CHECK(recorded[i] - recorded[i - limit] >= Ledger::window_seconds);
}

TEST_CASE("the ledger says what was spent, this window and in all") {
  Ledger ledger;
  CHECK(ledger.epsilon_in_all(1e-6) == 0);
  CHECK(ledger.epsilon_in_window(ledger_start, 1e-6) == 0);
  std::int64_t now = ledger_start;
  for (int month = 0; month < 12; ++month, now += Ledger::window_seconds) {
    for (int i = 0; i < 4; ++i) REQUIRE(ledger.record(now + i * ledger_day, 4, ledger_noise).ok());
  }
  now -= Ledger::window_seconds - 4 * ledger_day;
  CHECK(std::fabs(ledger.epsilon_in_window(now, 1e-6) - privacy::gaussian_epsilon_exact(8, 4, 1e-6)) < 1e-9);
  CHECK(std::fabs(ledger.epsilon_in_window(now, 1e-6) - 1.060701862) < 1e-8);
  CHECK(std::fabs(ledger.epsilon_in_all(1e-6) - privacy::gaussian_epsilon_exact(8, 48, 1e-6)) < 1e-9);
  CHECK(ledger.epsilon_in_window(now + Ledger::window_seconds, 1e-6) == 0);
  // Reports under different noise: 1/4² + 1/8² is one release of noise √12.8.
  Ledger mixed;
  REQUIRE(mixed.record(ledger_start, 4, {4, 1}).ok());
  REQUIRE(mixed.record(ledger_start, 4, {16, 2}).ok());
  CHECK(std::fabs(mixed.epsilon_in_all(1e-6) - privacy::gaussian_epsilon_exact(std::sqrt(12.8), 1, 1e-6)) < 1e-9);
}

TEST_CASE("noise of no deviation is not recorded") {
  Ledger ledger;
  for (const Ratio deviation : {Ratio{0, 1}, Ratio{8, 0}}) {
    const Status recorded = ledger.record(ledger_start, 4, deviation);
    REQUIRE_FALSE(recorded.ok());
    CHECK(recorded.error().code == ErrorCode::invalid_argument);
  }
  CHECK(ledger == Ledger());
}

TEST_CASE("a ledger in place of a damaged one allows nothing for 28 days, and says that it knows no more") {
  Result<Ledger> ledger = Ledger::damaged(ledger_start);
  REQUIRE(ledger.ok());
  CHECK(ledger->history_lost());
  CHECK_FALSE(Ledger().history_lost());
  const Ledger::Permission permission = ledger->may_report(ledger_start + Ledger::window_seconds - 1, 4);
  CHECK(permission.refusal == Ledger::Refusal::history_lost);
  CHECK(permission.earliest == ledger_start + Ledger::window_seconds);
  CHECK_FALSE(ledger->may_report(ledger_start - ledger_day, 4).granted());
  REQUIRE(ledger->record(ledger_start + Ledger::window_seconds, 4, ledger_noise).ok());
  const Result<Ledger> stored = Ledger::read(ledger->bytes());
  REQUIRE(stored.ok());
  CHECK(stored->history_lost());
  CHECK(*stored == *ledger);
}

TEST_CASE("a ledger's bytes are pinned") {
  Ledger ledger;
  REQUIRE(ledger.record(ledger_start, 4, ledger_noise).ok());
  const std::vector<std::byte> bytes = ledger.bytes();
  const auto expected = std::to_array<unsigned>({0x53, 0x50, 0x4C, 0x44, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,    0,
                                                 1,    0,    0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x90, 0x3F,
                                                 0x80, 0x3B, 0xB1, 0x6A, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0,    0});
  REQUIRE(bytes.size() == expected.size() + 8);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(std::to_integer<unsigned>(bytes[i]) == expected[i]);
  }
  CHECK(with_reports(28).bytes().size() == 40 + 16 * 28);
  CHECK(Ledger().bytes().size() == 40);
}

TEST_CASE("damaged bytes of a ledger are refused, wherever the damage is") {
  const std::vector<std::byte> bytes = with_reports(5).bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(Ledger::read(std::span(bytes).first(size)).ok());
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const unsigned bit : {1U, 0x80U}) {
      std::vector<std::byte> changed = bytes;
      changed[i] ^= static_cast<std::byte>(bit);
      CAPTURE(i, bit);
      CHECK_FALSE(Ledger::read(changed).ok());
    }
  }
  std::vector<std::byte> longer = bytes;
  longer.push_back(std::byte{0});
  CHECK_FALSE(Ledger::read(longer).ok());
  CHECK(Ledger::read({}).error().code == ErrorCode::truncated);
  std::vector<std::byte> newer = bytes;
  newer[4] = std::byte{2};
  CHECK(Ledger::read(with_hash(newer)).error().code == ErrorCode::unsupported_version);
}

TEST_CASE("a ledger that contradicts itself is refused, though its hash is right") {
  const std::vector<std::byte> bytes = with_reports(3).bytes();
  REQUIRE(Ledger::read(with_hash(bytes)).ok());
  const auto refused = [&](std::size_t offset, auto value) {
    std::vector<std::byte> changed = bytes;
    std::memcpy(&changed[offset], &value, sizeof value);
    const Result<Ledger> read = Ledger::read(with_hash(changed));
    return !read.ok() && read.error().code == ErrorCode::malformed;
  };
  CHECK(refused(7, std::uint8_t{1}));                              // lost, but blocked until never
  CHECK(refused(7, std::uint8_t{2}));                              // an unknown flag
  CHECK(refused(8, ledger_start));                                 // blocked, but not lost
  CHECK(refused(16, std::uint64_t{2}));                            // fewer reports than are listed
  CHECK(refused(16, std::uint64_t{1} << 49));                      // more than a device can make
  CHECK(refused(24, 0.01));                                        // less spent than the listed reports did
  CHECK(refused(24, std::numeric_limits<double>::infinity()));
  CHECK(refused(24, std::numeric_limits<double>::quiet_NaN()));
  CHECK(refused(32, ledger_start + 5 * ledger_day));               // not in time order
  CHECK(refused(32, ledger_start - 28 * ledger_day));              // more than 28 days apart
  CHECK(refused(32, std::int64_t{0}));                             // before clocks are set
  CHECK(refused(32 + 2 * 16, Ledger::max_time + 1));
  CHECK(refused(40, std::uint32_t{0}));                            // noise of 0
  CHECK(refused(44, std::uint32_t{0}));
}
