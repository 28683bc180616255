#include <sotto/base/base64url.hpp>
#include <sotto/base/random.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace sotto;

namespace {

std::string base64url_of(std::string_view text) { return to_base64url(std::as_bytes(std::span(text))); }

}  // namespace

TEST_CASE("base64url of RFC 4648's examples, without padding") {
  CHECK(base64url_of("") == "");
  CHECK(base64url_of("f") == "Zg");
  CHECK(base64url_of("fo") == "Zm8");
  CHECK(base64url_of("foo") == "Zm9v");
  CHECK(base64url_of("foobar") == "Zm9vYmFy");
  CHECK(base64url_of("\xfb\xff\xbf") == "-_-_");
}

TEST_CASE("base64url gives back all bytes, and only as many as were asked for") {
  Random random(3);
  for (std::size_t size = 0; size < 100; ++size) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(random.below(256)));
    const std::string text = to_base64url(bytes);
    CHECK(from_base64url(text) == bytes);
    CHECK(is_base64url(text, size));
    CHECK_FALSE(is_base64url(text, size + 1));
    std::vector<std::byte> other(size + 1);
    CHECK_FALSE(from_base64url(text, other));
  }
}

TEST_CASE("base64url refuses other alphabets, padding and bits that no byte has") {
  for (const char* text : {"Z", "Zm9v=", "Zg==", "+_-_", "//", "Zm 8", "Zh", "Zm9", "Zm9vYmFyA", "Z\xc3\xa9"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text).has_value());
  }
  CHECK_FALSE(from_base64url(std::string_view("Zm\0v", 4)).has_value());
  CHECK(is_base64url("Zg", 1));
  CHECK(is_base64url("Zh", 1));
  CHECK_FALSE(is_base64url("Zg==", 1));
  CHECK_FALSE(is_base64url("Z", 1));
  CHECK_FALSE(is_base64url("Z+", 1));
}
