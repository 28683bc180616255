#include <sotto/http/client_address.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>
#include <vector>

using namespace sotto::http;

namespace {

std::string client_of(const std::string& peer, const std::vector<std::string>& forwarded) {
  const std::vector<std::string> trusted{"10.0.0.0/8", "192.168.1.7", "2001:db8::/32"};
  const auto proxies = TrustedProxies::parse(trusted);
  REQUIRE(proxies.ok());
  std::vector<Header> headers;
  for (const std::string& value : forwarded) headers.push_back({"x-forwarded-for", value});
  return to_text(proxies->client_of(*parse_address(peer), headers));
}

}  // namespace

TEST_CASE("reads addresses and refuses what is none") {
  CHECK(to_text(*parse_address("1.2.3.4")) == "1.2.3.4");
  CHECK(to_text(*parse_address("::ffff:1.2.3.4")) == "1.2.3.4");
  CHECK(to_text(*parse_address("2001:DB8::0:1")) == "2001:db8::1");
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "::g", "a", "01.2.3.4",
                           "1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111:2222"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_address(text).has_value());
  }
  CHECK_FALSE(parse_address(std::string_view("1.2.3.4\0", 8)).has_value());
}

TEST_CASE("counts an IPv6 network as one client") {
  CHECK(network_of(*parse_address("2001:db8::1")) == network_of(*parse_address("2001:db8::ffff:1")));
  CHECK(network_of(*parse_address("2001:db8:0:1::1")) != network_of(*parse_address("2001:db8::1")));
  CHECK(network_of(*parse_address("1.2.3.4")) != network_of(*parse_address("1.2.3.5")));
}

TEST_CASE("believes X-Forwarded-For from trusted proxies only") {
  CHECK(client_of("9.9.9.9", {"1.1.1.1"}) == "9.9.9.9");
  CHECK(client_of("10.1.2.3", {"1.1.1.1"}) == "1.1.1.1");
  CHECK(client_of("192.168.1.7", {"1.1.1.1"}) == "1.1.1.1");
  CHECK(client_of("192.168.1.8", {"1.1.1.1"}) == "192.168.1.8");
  CHECK(client_of("2001:db8:1::1", {"1.1.1.1"}) == "1.1.1.1");
  CHECK(client_of("::ffff:10.0.0.1", {"1.1.1.1"}) == "1.1.1.1");
  CHECK(client_of("11.0.0.1", {"1.1.1.1"}) == "11.0.0.1");
}

TEST_CASE("takes the right-most address that is no proxy") {
  CHECK(client_of("10.0.0.1", {"6.6.6.6, 1.1.1.1"}) == "1.1.1.1");
  CHECK(client_of("10.0.0.1", {"6.6.6.6, 1.1.1.1,10.0.0.2 , 192.168.1.7"}) == "1.1.1.1");
  CHECK(client_of("10.0.0.1", {"6.6.6.6", "1.1.1.1", "10.0.0.2"}) == "1.1.1.1");
  CHECK(client_of("10.0.0.1", {"10.0.0.3, 10.0.0.2"}) == "10.0.0.3");
  CHECK(client_of("10.0.0.1", {"1.1.1.1:4711"}) == "1.1.1.1");
  CHECK(client_of("10.0.0.1", {"[2001:db9::1]:4711"}) == "2001:db9::1");
  CHECK(client_of("10.0.0.1", {}) == "10.0.0.1");
}

TEST_CASE("believes nothing left of an unreadable address") {
  CHECK(client_of("10.0.0.1", {"6.6.6.6, unknown, 10.0.0.2"}) == "10.0.0.2");
  CHECK(client_of("10.0.0.1", {""}) == "10.0.0.1");
  CHECK(client_of("10.0.0.1", {"6.6.6.6,"}) == "10.0.0.1");
  CHECK(client_of("10.0.0.1", {"[::1"}) == "10.0.0.1");
}

TEST_CASE("refuses proxies that are neither an address nor a network") {
  const std::string entry =
      GENERATE("", "proxy", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/-1", "10.0.0.0/8x", "/8");
  const std::vector<std::string> entries{"127.0.0.1", entry};
  const auto proxies = TrustedProxies::parse(entries);
  REQUIRE_FALSE(proxies.ok());
  CHECK(proxies.error().detail.find("'" + entry + "'") != std::string::npos);
}
