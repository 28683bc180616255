#include <sotto/base/random.hpp>
#include <sotto/serve/base64url.hpp>
#include <sotto/serve/varint.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>

namespace sotto::serve {

TEST_CASE("base64url of RFC 4648's examples, without padding") {
  CHECK(to_base64url("") == "");
  CHECK(to_base64url("f") == "Zg");
  CHECK(to_base64url("fo") == "Zm8");
  CHECK(to_base64url("foo") == "Zm9v");
  CHECK(to_base64url("foobar") == "Zm9vYmFy");
  CHECK(to_base64url("\xfb\xff\xbf") == "-_-_");
}

TEST_CASE("base64url gives back all bytes") {
  Random random(3);
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(random.below(256)));
    CHECK(from_base64url(to_base64url(bytes)) == bytes);
  }
}

TEST_CASE("base64url refuses other alphabets, padding and bits that no byte has") {
  for (const char* text : {"Z", "Zm9v=", "Zg==", "+_-_", "//", "Zm 8", "Zh", "Zm9", "Zm9vYmFyA", "Z\xc3\xa9"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text).has_value());
  }
  CHECK_FALSE(from_base64url(std::string_view("Zm\0v", 4)).has_value());
}

TEST_CASE("varints give back all numbers") {
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  for (int bits = 0; bits < 64; ++bits) {
    for (const std::uint64_t value : {largest >> bits, std::uint64_t{1} << bits, (std::uint64_t{1} << bits) - 1}) {
      std::string bytes;
      append_varint(bytes, value);
      CHECK(bytes.size() <= max_varint_bytes);
      bytes += "rest";
      std::string_view view = bytes;
      CHECK(take_varint(view, largest) == value);
      CHECK(view == "rest");
      if (value > 0) {
        view = bytes;
        CHECK_FALSE(take_varint(view, value - 1).has_value());
      }
    }
  }
}

TEST_CASE("varints that end too early, are too long or too large are refused") {
  const std::string cases[] = {"",
                               "\x80",
                               "\xff\xff",
                               std::string("\x80\0", 2),
                               std::string("\xff\x80\0", 3),
                               "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
                               std::string(11, '\x81')};
  for (const std::string& bytes : cases) {
    std::string_view view = bytes;
    CHECK_FALSE(take_varint(view, std::numeric_limits<std::uint64_t>::max()).has_value());
  }
}

}  // namespace sotto::serve
