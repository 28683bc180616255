#include <sotto/serve/varint.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>

namespace sotto::serve {

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
