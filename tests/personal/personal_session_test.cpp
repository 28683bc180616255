#include "visits.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/base/internal/bytes.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using sotto::ErrorCode;
using sotto::ItemIndex;
using sotto::OwningPersonalSession;
using sotto::PersonalSession;

using sotto::test::Event;
using sotto::test::small;
using sotto::test::state_of;
using sotto::test::visits;

double mean_probability(const PersonalSession& session, bool personal) {
  const auto& record = session.user().gate().record();
  return (personal ? record.personal_log_likelihood : record.base_log_likelihood) / record.events;
}

}  // namespace

TEST_CASE("what repeats is learned, by each part alone and by all", "[personal]") {
  const sotto::Engine engine(sotto::test::random_fixed_model({23, 8, 8, 1, true, false}, 5), 1);
  for (const sotto::PersonalOptions options :
       {sotto::PersonalOptions{true, false, true}, {false, true, true}, {true, true, true}}) {
    OwningPersonalSession session(engine, options);
    for (const Event& event : visits(400, 3)) REQUIRE(session.observe(event.item, event.time).ok());
    CHECK(mean_probability(session, true) > mean_probability(session, false) + 0.1);
    CHECK(session.user().gate().trust() > 0.5F);
  }
}

TEST_CASE("without parts that learn the scores are the base's", "[personal]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(small(true), 5), 1);
  OwningPersonalSession session(engine, {false, false, false});
  sotto::OwningSession base(engine);
  for (const Event& event : visits(100, 4)) {
    REQUIRE(std::ranges::equal(session.scores(event.time), base.scores()));
    REQUIRE(session.observe(event.item, event.time).ok());
    REQUIRE(base.observe(event.item).ok());
  }
}

TEST_CASE("recalled events carry the state and the memory but teach nothing", "[personal]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(small(true), 6), 1);
  OwningPersonalSession session(engine);
  for (const Event& event : visits(50, 5)) REQUIRE(session.recall({&event.item, 1}, {&event.time, 1}).ok());
  CHECK(session.user().state().events() == 50);
  CHECK(session.user().gate().record().events == 0);
  CHECK(std::ranges::equal(session.user().taste().learned(), OwningPersonalSession(engine).user().taste().learned()));
}

TEST_CASE("every tier and every run gives the same bytes", "[personal]") {
  for (const int head_bits : {8, 4}) {
    const auto model = sotto::test::random_fixed_model(small(true), 7, head_bits);
    std::vector<std::byte> expected;
    for (const sotto::Kernels* kernels : sotto::available_kernels()) {
      const sotto::Engine engine(model, 1, *kernels);
      OwningPersonalSession session(engine);
      for (const Event& event : visits(300, 6)) REQUIRE(session.observe(event.item, event.time).ok());
      const auto state = state_of(session);
      if (expected.empty()) expected = state;
      CHECK(state == expected);
    }
  }
}

TEST_CASE("a stored state goes on as if nothing had happened", "[personal]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(small(true), 8), 1);
  const auto events = visits(1300, 7);  // more than the memory holds
  OwningPersonalSession whole(engine);
  OwningPersonalSession restored(engine);
  for (std::size_t i = 0; i < events.size(); ++i) {
    REQUIRE(whole.observe(events[i].item, events[i].time).ok());
    if (i % 100 == 50) REQUIRE(restored.import_state(state_of(whole)).ok());
    if (i % 100 > 50) REQUIRE(restored.observe(events[i].item, events[i].time).ok());
    if (i % 100 == 60) REQUIRE(state_of(restored) == state_of(whole));
  }
  CHECK(whole.state_size() < 20'000);
  whole.reset();
  CHECK(state_of(whole) == state_of(OwningPersonalSession(engine)));
}

TEST_CASE("a damaged or foreign state is refused by name and changes nothing", "[personal]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(small(true), 9), 1);
  OwningPersonalSession session(engine);
  for (const Event& event : visits(30, 8)) REQUIRE(session.observe(event.item, event.time).ok());
  const auto good = state_of(session);
  const auto refusal = [&](std::vector<std::byte> bytes, bool seal) {
    if (seal) sotto::store_le(bytes.data() + bytes.size() - 8, sotto::xxh64(std::span(bytes).first(bytes.size() - 8)));
    const auto status = session.import_state(bytes);
    REQUIRE(!status.ok());
    REQUIRE(state_of(session) == good);
    return status.error();
  };
  for (std::size_t size = 0; size < good.size(); size += 37) {
    (void)refusal({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}, false);
  }
  for (std::size_t at = 0; at < good.size(); at += 11) {
    auto bytes = good;
    bytes[at] ^= std::byte{1};
    (void)refusal(std::move(bytes), false);
  }
  const auto with_float = [&](std::size_t from_end, std::uint32_t bits) {
    auto bytes = good;
    sotto::store_le(bytes.data() + bytes.size() - from_end, bits);
    return bytes;
  };
  constexpr std::uint32_t not_a_number = 0x7fc0'0000U;
  CHECK(refusal(with_float(8 + 4, not_a_number), true).detail.find("taste") != std::string::npos);
  constexpr std::uint32_t too_large = 0x4b00'0000U;  // 2^23
  CHECK(refusal(with_float(8 + 4, too_large), true).detail.find("taste") != std::string::npos);
  constexpr std::size_t recent_bytes = 4 * sotto::RecentMeans::size(8);
  constexpr std::uint32_t below_none = 0xbf80'0000U;  // -1, of the events that the means are over
  CHECK(refusal(with_float(8 + recent_bytes, below_none), true).detail.find("taste") != std::string::npos);
  const std::size_t taste_bytes = 4 * session.user().taste().values().size();
  CHECK(refusal(with_float(8 + taste_bytes + 4, not_a_number), true).detail.find("memory weight") != std::string::npos);
  const auto with_word = [&](std::size_t at, std::uint32_t word) {
    auto bytes = good;
    sotto::store_le(bytes.data() + at, word);
    return bytes;
  };
  CHECK(refusal(with_word(36, 2), true).detail.find("neither learns") != std::string::npos);
  CHECK(refusal(with_word(40, 0x4000'0000U), true).detail.find("gate") != std::string::npos);
  CHECK(refusal(with_word(28, 1), true).code == ErrorCode::wrong_shape);  // one hidden item that is not there
  CHECK(refusal(with_word(4, 5), true).code == ErrorCode::unsupported_version);
  CHECK(refusal(with_word(4, 2), true).code == ErrorCode::unsupported_version);
  CHECK(refusal(with_word(4, 4), true).code == ErrorCode::wrong_shape);  // a record of the trend that is not there

  const sotto::Engine other(sotto::test::random_fixed_model(small(true), 10), 2);
  OwningPersonalSession stranger(other);
  CHECK(stranger.import_state(good).error().code == ErrorCode::mismatch);
  CHECK(session.import_state(good).ok());
}

TEST_CASE("an unknown item is refused and changes nothing", "[personal]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(small(false), 11), 1);
  OwningPersonalSession session(engine);
  REQUIRE(session.observe(3, 100).ok());
  const auto before = state_of(session);
  CHECK(session.observe(23, 200).error().code == ErrorCode::unknown_item);
  const std::vector<ItemIndex> unknown{2, 23};
  const std::vector<std::int64_t> times{200, 300};
  CHECK(session.recall(unknown, times).error().code == ErrorCode::unknown_item);
  CHECK(state_of(session) == before);
}

TEST_CASE("recommendations are the best of the personal scores", "[personal]") {
  const sotto::Engine engine(sotto::test::random_fixed_model(small(true), 12), 1);
  OwningPersonalSession session(engine);
  std::int64_t now = 0;
  for (const Event& event : visits(60, 9)) {
    REQUIRE(session.observe(event.item, event.time).ok());
    now = event.time;
  }
  std::vector<sotto::ScoredItem> best(5);
  const std::vector<ItemIndex> exclude{3, 4};
  REQUIRE(session.recommend(now, {.exclude = exclude}, best) == 5);
  const auto scores = session.scores(now);
  std::vector<std::int32_t> expected;
  for (ItemIndex item = 0; item < 23; ++item) {
    if (item != 3 && item != 4) expected.push_back(scores[item]);
  }
  std::ranges::sort(expected, std::ranges::greater{});
  for (std::size_t place = 0; place < best.size(); ++place) CHECK(best[place].score == expected[place]);
}
