#include <sotto/http/target.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

using namespace sotto::http;

TEST_CASE("splits a target into path and query") {
  const auto target = split_target("GET", "/v1/users/a%20b?k=1&k=2");
  REQUIRE(target.ok());
  CHECK(target->path == "/v1/users/a%20b");
  CHECK(target->query == "k=1&k=2");
}

TEST_CASE("takes the path of an absolute target") {
  const auto target = split_target("GET", "http://example.com:8080/path?x=1");
  REQUIRE(target.ok());
  CHECK(target->path == "/path");
  CHECK(target->query == "x=1");
  CHECK(split_target("GET", "HTTPS://example.com")->path == "/");
  CHECK(split_target("GET", "http://example.com?x")->query == "x");
}

TEST_CASE("takes the asterisk for OPTIONS only") {
  CHECK(split_target("OPTIONS", "*")->path == "*");
  CHECK_FALSE(split_target("GET", "*").ok());
}

TEST_CASE("refuses targets of other forms") {
  const std::string target = GENERATE("example.com:443", "path", "ftp://host/", "http:///path", "http://user@host/",
                                      "/path#fragment", "://host/", "http:/path");
  CAPTURE(target);
  CHECK_FALSE(split_target("CONNECT", target).ok());
}

TEST_CASE("decodes a segment and leaves '+' alone") {
  CHECK(*decode_segment("a%2Fb+c%c3%a9") == "a/b+c\xc3\xa9");
  CHECK(*decode_segment("") == "");
}

TEST_CASE("refuses bad escapes") {
  const std::string text = GENERATE("%", "%4", "a%", "%zz", "%4g", "%-1", "%00", "a%00b", "%c3", "%c3%28", "%ed%a0%80",
                                    "%c0%af", "%f4%90%80%80", "%ff");
  CAPTURE(text);
  CHECK_FALSE(decode_segment(text).ok());
  CHECK_FALSE(parse_query("a=" + text).ok());
  CHECK_FALSE(parse_query(text + "=a").ok());
}

TEST_CASE("a segment is read back as it was before it was encoded") {
  CHECK(encode_segment("Az09-._~") == "Az09-._~");
  CHECK(encode_segment("a/b c?%é") == "a%2Fb%20c%3F%25%C3%A9");
  for (int c = 1; c < 128; ++c) {
    const std::string text(3, static_cast<char>(c));
    CHECK(decode_segment(encode_segment(text)).value() == text);
  }
}

TEST_CASE("reads the parameters of a query in their order") {
  const auto query = parse_query("b=1+2&a=%26%3d&&c&d==");
  REQUIRE(query.ok());
  REQUIRE(query->size() == 4);
  CHECK((*query)[0].name == "b");
  CHECK((*query)[0].value == "1 2");
  CHECK((*query)[1].value == "&=");
  CHECK((*query)[2].name == "c");
  CHECK((*query)[2].value.empty());
  CHECK((*query)[3].value == "=");
  CHECK_FALSE(parse_query("=1").ok());
  CHECK(parse_query("")->empty());
}

TEST_CASE("knows valid UTF-8 at the borders of its ranges") {
  for (const char* text : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(is_valid_utf8(text));
    CHECK_FALSE(is_valid_utf8(std::string_view(text).substr(1).empty() ? "\x80" : std::string_view(text).substr(1)));
  }
  for (const char* text : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80", "\xe2\x82"}) {
    CHECK_FALSE(is_valid_utf8(text));
  }
}
