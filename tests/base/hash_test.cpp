#include <sotto/base/hash.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace {

std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  return sotto::xxh64(std::as_bytes(std::span(text)), seed);
}

}  // namespace

// Published values: xxHash's own sanity checks (the generated buffer) and well-known strings.
TEST_CASE("XXH64 gives the published values", "[base][hash]") {
  CHECK(hash_text("") == 0xEF46DB3751D8E999U);
  CHECK(hash_text("a") == 0xD24EC4F1A98C6E5BU);
  CHECK(hash_text("abc") == 0x44BC2CF5AD770999U);
  CHECK(hash_text("Nobody inspects the spammish repetition") == 0xFBCEA83C8A378BF1U);

  std::vector<std::byte> buffer(101);
  std::uint64_t generator = 2654435761U;
  for (auto& byte : buffer) {
    byte = static_cast<std::byte>(generator >> 56);
    generator *= 11400714785074694797U;
  }
  const std::span<const std::byte> all(buffer);
  CHECK(sotto::xxh64(all.first(0), 2654435761U) == 0xAC75FDA2929B17EFU);
  CHECK(sotto::xxh64(all.first(1)) == 0xE934A84ADB052768U);
  CHECK(sotto::xxh64(all.first(1), 2654435761U) == 0x5014607643A9B4C3U);
  CHECK(sotto::xxh64(all.first(4)) == 0x9136A0DCA57457EEU);
  CHECK(sotto::xxh64(all.first(14)) == 0x8282DCC4994E35C8U);
  CHECK(sotto::xxh64(all.first(14), 2654435761U) == 0xC3BD6BF63DEB6DF0U);
}
