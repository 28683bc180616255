#include <sotto/base/random.hpp>
#include <sotto/serve/feedback_loop.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>
#include <utility>

namespace sotto::serve {
namespace {

SigningKey counting_key() {
  SigningKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(i);
  return key;
}

const SigningKey key = counting_key();

bool is_equal(const ShownList& a, const ShownList& b) { return a.version == b.version && a.items == b.items; }

bool is_equal(const Recommendation& a, const Recommendation& b) {
  if (a.at != b.at || !is_equal(a.shown, b.shown) || a.shadow.has_value() != b.shadow.has_value()) return false;
  return !a.shadow || is_equal(*a.shadow, *b.shadow);
}

ShownList random_list(Random& random) {
  ShownList list{random.next(), {}};
  const std::uint32_t bits = 1 + random.below(32);
  for (std::uint32_t i = random.below(max_signed_items + 1); i > 0; --i) {
    list.items.push_back(static_cast<ItemIndex>(random.next() >> (64 - bits)));
  }
  return list;
}

}  // namespace

TEST_CASE("a recommendation's id has the bytes that its format says") {
  // Made with Python's hmac and base64.
  const Recommendation alone{1'767'225'600, {0x0123456789abcdef, {3, 1, 4000, 70000}}, std::nullopt};
  CHECK(sign(alone, "u1", key) == "AYDy1soG782riWdFIwEEAwGgH_CiBIwDLL29sLV0pL3GvFTE-oU");
  const Recommendation shadowed{alone.at, alone.shown, ShownList{0xfedcba9876543210, {5}}};
  CHECK(sign(shadowed, "zo\xc3\xab", key) == "AoDy1soG782riWdFIwEEAwGgH_CiBBAyVHaYutz-AQUetkZr3qKkeE_ug8HUYe0W");
}

TEST_CASE("an id of ten items is short enough for an address") {
  Recommendation recommendation{1'767'225'600, {0x0123456789abcdef, {}}, std::nullopt};
  for (ItemIndex item = 0; item < 10; ++item) recommendation.shown.items.push_back(9'990 + item);
  CHECK(sign(recommendation, "user", key).size() == 68);
  for (ItemIndex& item : recommendation.shown.items) item += 1'000'000;
  CHECK(sign(recommendation, "user", key).size() == 82);
}

TEST_CASE("verify gives back what was signed, for any lists and users") {
  Random random(7);
  for (int round = 0; round < 500; ++round) {
    CAPTURE(round);
    Recommendation recommendation{
        static_cast<std::int64_t>(random.next() >> (1 + random.below(63))), random_list(random), {}};
    if (random.below(2) == 1) recommendation.shadow = random_list(random);
    const std::string user(random.below(200), static_cast<char>('a' + random.below(26)));
    const std::string id = sign(recommendation, user, key);
    const auto verified = verify(id, user, key);
    REQUIRE(verified.ok());
    CHECK(is_equal(*verified, recommendation));

    CHECK_FALSE(verify(id, user + "x", key).ok());
    SigningKey other = key;
    other[random.below(32)] ^= std::byte{1};
    CHECK_FALSE(verify(id, user, other).ok());
    std::string changed = id;
    char& character = changed[random.below(static_cast<std::uint32_t>(id.size()))];
    character = character == 'A' ? 'B' : 'A';
    CHECK_FALSE(verify(changed, user, key).ok());
  }
}

TEST_CASE("no prefix, extension or other writing of an id is accepted") {
  const Recommendation recommendation{1'767'225'600, {1, {2}}, std::nullopt};
  const std::string id = sign(recommendation, "u", key);
  REQUIRE(verify(id, "u", key).ok());
  for (std::size_t length = 0; length < id.size(); ++length) CHECK_FALSE(verify(id.substr(0, length), "u", key).ok());
  for (const char* more : {"A", "AA", "AAAA", "=", "==", " ", "\n"}) CHECK_FALSE(verify(id + more, "u", key).ok());
  CHECK_FALSE(verify(" " + id, "u", key).ok());
  // The last character has bits that no byte needs. With them set, it decodes to the same bytes.
  REQUIRE(id.size() % 4 != 0);
  std::string same_bytes = id;
  same_bytes.back() = static_cast<char>(same_bytes.back() + 1);
  CHECK_FALSE(verify(same_bytes, "u", key).ok());
}

TEST_CASE("the user is told apart from the content that follows") {
  // Without the length in what is signed, a user's id could take over bytes of the content.
  const Recommendation recommendation{0, {1, {}}, std::nullopt};
  const std::string id = sign(recommendation, std::string("\1", 1), key);
  CHECK(verify(id, std::string("\1", 1), key).ok());
  CHECK_FALSE(verify(id, "", key).ok());
}

TEST_CASE("an id that is too long is refused before it is decoded") {
  const auto refused = verify(std::string(1'000'000, 'A'), "u", key);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::malformed);
  CHECK(refused.error().detail == "the recommendation_id is too long");
}

TEST_CASE("the longest lists that can be signed can be verified") {
  const ShownList longest{std::numeric_limits<std::uint64_t>::max(),
                          std::vector<ItemIndex>(max_signed_items, std::numeric_limits<ItemIndex>::max())};
  const Recommendation recommendation{std::numeric_limits<std::int64_t>::max(), longest, longest};
  const auto verified = verify(sign(recommendation, "u", key), "u", key);
  REQUIRE(verified.ok());
  CHECK(is_equal(*verified, recommendation));
}

TEST_CASE("what does not fit into an id is left out") {
  Recommendation recommendation{-5, {1, std::vector<ItemIndex>(max_signed_items + 10, 3)}, std::nullopt};
  const auto verified = verify(sign(recommendation, "", key), "", key);
  REQUIRE(verified.ok());
  CHECK(verified->at == 0);
  CHECK(verified->shown.items.size() == max_signed_items);
}

}  // namespace sotto::serve
