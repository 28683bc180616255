#include <sotto/http/request_reader.hpp>
#include <sotto/http/text.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <string>
#include <string_view>

using namespace sotto::http;
using Step = RequestReader::Step;

namespace {

struct Reading {
  Step step = Step::need_more;
  std::string left;  // bytes of the next request
  Request request;
  Refusal refusal;
};

// Gives the bytes in pieces of one size, as a connection does.
Reading read(std::string_view bytes, std::size_t piece, std::size_t body_limit = 1000, std::size_t max_head = 1000) {
  RequestReader reader(max_head);
  Reading reading;
  std::string held;
  while (true) {
    const auto [step, used] = reader.read(held);
    held.erase(0, used);
    reading.step = step;
    if (step == Step::complete || step == Step::refused) break;
    if (step == Step::head) {
      reader.limit_body(body_limit);
      continue;
    }
    if (bytes.empty()) break;
    held += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  reading.left = held.append(bytes);
  reading.request = std::move(reader.request());
  if (reading.step == Step::refused) reading.refusal = reader.refusal();
  return reading;
}

unsigned refused_with(std::string_view bytes, std::size_t body_limit = 1000, std::size_t max_head = 1000) {
  const Reading whole = read(bytes, bytes.size(), body_limit, max_head);
  const Reading single = read(bytes, 1, body_limit, max_head);
  CAPTURE(bytes);
  CHECK(whole.step == single.step);
  CHECK(whole.refusal.status == single.refusal.status);
  return whole.step == Step::refused ? whole.refusal.status : 0;
}

const std::string get = "GET / HTTP/1.1\r\n";
const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";

}  // namespace

TEST_CASE("reads requests in pieces of any size") {
  const std::string bytes =
      "POST /a%20b?c=d HTTP/1.1\r\nhOsT: x:80\r\nContent-Length: 5\r\nEmpty:\r\nTwo: 1\r\nTwo: 2\r\nName: \t a \xe9 "
      "\t\r\n\r\n"
      "hello"
      "GET /next HTTP/1.1\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const Reading reading = read(bytes, piece);
    REQUIRE(reading.step == Step::complete);
    CHECK(reading.request.method == "POST");
    CHECK(reading.request.path == "/a%20b");
    CHECK(reading.request.query == "c=d");
    CHECK(reading.request.body == "hello");
    CHECK(reading.request.header("HOST") == "x:80");
    CHECK(reading.request.header("name") == "a \xe9");
    CHECK(reading.request.header("two").empty());
    CHECK(reading.request.headers.size() == 6);
    CHECK(reading.left == "GET /next HTTP/1.1\r\n");
  }
}

TEST_CASE("reads chunked bodies in pieces of any size") {
  const std::string bytes = post +
                            "Transfer-Encoding: Chunked\r\n\r\n"
                            "5;name=\"value\"\r\nhello\r\n0A\r\n0123456789\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n"
                            "GET /next HTTP/1.1\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const Reading reading = read(bytes, piece);
    CAPTURE(piece);
    REQUIRE(reading.step == Step::complete);
    CHECK(reading.request.body == "hello0123456789");
    CHECK(reading.request.header("X").empty());  // what a trailer says is not believed
    CHECK(reading.left == "GET /next HTTP/1.1\r\n");
  }
}

TEST_CASE("skips one empty line before a request") {
  CHECK(read("\r\n" + get + "Host: a\r\n\r\n", 1).step == Step::complete);
  CHECK(read("\r\n" + get + "Host: a\r\n\r\n", 100).step == Step::complete);
  CHECK(refused_with("\r\n\r\n" + get + "Host: a\r\n\r\n") == 400);
}

TEST_CASE("refuses request lines that are none") {
  const std::string line =
      GENERATE("GET /", "GET", "", " GET / HTTP/1.1", "GET  HTTP/1.1", "GET  / HTTP/1.1", "GET / HTTP/1.1 ",
               "GET\t/\tHTTP/1.1", "G@T / HTTP/1.1", "GET /a b HTTP/1.1", "GET /\x80 HTTP/1.1", "GET / http/1.1",
               "GET / HTTP/1.1x", "/ GET HTTP/1.1", "GET path HTTP/1.1", "GET * HTTP/1.1", "CONNECT a:443 HTTP/1.1",
               "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH / HTTP/1.1");
  const unsigned status = refused_with(line + "\r\nHost: a\r\n\r\n");
  CAPTURE(line);
  CHECK((status == 400 || status == 505));
}

TEST_CASE("refuses other versions of HTTP") {
  CHECK(refused_with("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505);
  CHECK(refused_with("GET / HTTP/1.2\r\nHost: a\r\n\r\n") == 505);
  CHECK(refused_with("GET / HTTP/0.9\r\nHost: a\r\n\r\n") == 505);
  CHECK(refused_with("GET /\r\n") == 400);
}

TEST_CASE("refuses a head at its first bad byte") {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    CAPTURE(byte);
    const bool is_allowed_in_value = c == '\t' || (c >= 0x20 && c != 0x7f) || byte >= 0x80;
    // The head does not end: only a byte that is refused by itself is refused now.
    const std::string in_value = get + "Host: a\r\nName: x" + c + "y";
    CHECK((refused_with(in_value) == 400) == !is_allowed_in_value);
    const std::string in_name = get + "Host: a\r\nNa" + c + "me: x\r\n\r\n";
    const bool is_allowed_in_name = is_token_character(c) || c == ':';
    CHECK((refused_with(in_name) == 400) == !is_allowed_in_name);
  }
}

TEST_CASE("refuses header lines that are none") {
  const std::string line = GENERATE("Name : x", " Name: x", "\tName: x", "Name", ": x", "Na me: x", "Name: x\n y",
                                    "Name: x\r y", "Name: x\nOther: y", "Name: x\r\n folded", "Name: x\r\n\tfolded");
  CHECK(refused_with(get + "Host: a\r\n" + line + "\r\n\r\n") == 400);
}

TEST_CASE("refuses lengths that two servers may read differently") {
  const std::string headers = GENERATE(
      "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
      "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5, 5",
      "Content-Length: +5", "Content-Length: -5", "Content-Length: 5 5", "Content-Length: 0x5", "Content-Length: 5.0",
      "Content-Length:", "Content-Length: 18446744073709551616", "Content-Length: 5\r\ncontent-length: 5",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nTransfer-Encoding: identity",
      "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: xchunked",
      "Transfer-Encoding: chunked;a=b", "Transfer-Encoding:", "Transfer-Encoding: \"chunked\"",
      "Transfer-Encoding: chunked, identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity");
  const unsigned status = refused_with(post + headers + "\r\n\r\nhello");
  CAPTURE(headers);
  CHECK((status == 400 || status == 501));
}

TEST_CASE("refuses chunks in HTTP/1.0") {
  CHECK(refused_with("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
}

TEST_CASE("demands one Host") {
  CHECK(refused_with("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refused_with("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n") == 400);
  CHECK(refused_with("GET / HTTP/1.1\r\nHost: a b\r\n\r\n") == 400);
  CHECK(refused_with("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") == 400);
  CHECK(refused_with("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n") == 400);
  CHECK(refused_with("GET http://a/ HTTP/1.1\r\n\r\n") == 400);
  CHECK(refused_with("GET / HTTP/1.0\r\n\r\n") == 0);
  CHECK(refused_with("GET / HTTP/1.1\r\nHost:\r\n\r\n") == 0);
  CHECK(refused_with("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n") == 0);
}

TEST_CASE("refuses chunks that are none") {
  const std::string chunks =
      GENERATE("x\r\nhello\r\n", "5\nhello\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "-1\r\nh\r\n",
               "0x5\r\nhello\r\n", "ffffffffffffffff\r\nh\r\n", "5 5\r\nhello\r\n", " 5\r\nhello\r\n", "\r\nhello\r\n",
               ";a\r\nhello\r\n", "5\rhello\r\n", "5;a=\"\n\"\r\nhello\r\n", "5;a\nhello\r\n", "5;\x01\r\nhello\r\n",
               "5;a\r hello\r\n", "0\r\nX : y\r\n\r\n", "0\r\nX: y\r\n z\r\n\r\n", "0\r\nX: y\n\r\n", "0\r\nX\r\n\r\n",
               "0 \r\n\r\n", "0\n\n", "0\r\n\n", "0\r\nX: \x7f\r\n\r\n");
  CHECK(refused_with(post + "Transfer-Encoding: chunked\r\n\r\n" + chunks) == 400);
}

TEST_CASE("refuses bodies beyond the limit, at the head where it says so") {
  CHECK(refused_with(post + "Content-Length: 11\r\n\r\n", 10) == 413);
  CHECK(refused_with(post + "Content-Length: 18446744073709551615\r\n\r\n", 10) == 413);
  CHECK(refused_with(post + "Content-Length: 10\r\n\r\n0123456789", 10) == 0);
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(refused_with(chunked + "6\r\n012345\r\n5\r\n01234\r\n", 10) == 413);
  CHECK(refused_with(chunked + "6\r\n012345\r\n4\r\n0123\r\n0\r\n\r\n", 10) == 0);
  CHECK(refused_with(chunked + "7fffffff\r\n01234567890", 10) == 413);
}

TEST_CASE("refuses heads beyond the limit") {
  const std::string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string longest(1000 - rest.size() - std::string_view("GET /").size(), 'x');
  CHECK(refused_with("GET /" + longest + rest) == 0);
  CHECK(refused_with("GET /" + longest + "x" + rest) == 431);
  CHECK(refused_with("GET /" + std::string(2000, 'x')) == 414);
  CHECK(refused_with(get + "Host: a\r\nName: " + std::string(2000, 'x')) == 431);
  std::string many = get + "Host: a\r\n";
  for (int i = 0; i < 200; ++i) many += "a:\r\n";
  CHECK(refused_with(many, 10, 10'000) == 431);
}

TEST_CASE("refuses a chunk's extensions and trailers without end") {
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(refused_with(chunked + "5;" + std::string(3000, 'x')) == 431);
  CHECK(refused_with(chunked + "0\r\nName: " + std::string(3000, 'x')) == 431);
}

TEST_CASE("knows whether the connection is kept") {
  const auto keeps = [](std::string_view bytes) {
    RequestReader reader(1000);
    REQUIRE(reader.read(bytes).step == Step::head);
    return reader.framing().keep_alive;
  };
  CHECK(keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: x , close\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.0\r\nHost: a\r\n\r\n"));
  CHECK(keeps("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST_CASE("knows one expectation") {
  CHECK(refused_with(post + "Expect: 200-ok\r\n\r\n") == 417);
  RequestReader reader(1000);
  REQUIRE(reader.read(post + "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n").step == Step::head);
  CHECK(reader.framing().expects_continue);
}
