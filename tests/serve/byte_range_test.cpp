#include <sotto/serve/byte_range.hpp>

#include "captured_answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <limits>
#include <memory>

using namespace sotto;
using namespace sotto::serve;

namespace {

constexpr auto none = std::nullopt;

struct RangeRow {
  const char* header;
  RangeChoice::Kind kind;
  ByteRange range{};
};

http::SharedBytes bytes_of(std::size_t size) {
  auto owned = std::make_shared<std::vector<std::byte>>(size);
  for (std::size_t i = 0; i < size; ++i) (*owned)[i] = static_cast<std::byte>('a' + i % 26);
  return {owned, *owned};
}

// 100 bytes, 60 in brotli, 80 in zstd.
std::vector<Representation> three_forms() {
  return {{"", "\"v\"", bytes_of(100)}, {"br", "\"v-br\"", bytes_of(60)}, {"zstd", "\"v-zstd\"", bytes_of(80)}};
}

http::Response get(std::vector<http::Header> headers, std::string method = "GET") {
  const auto forms = three_forms();
  return answer_from(forms, test::request(std::move(method), "/", {}, std::move(headers)));
}

}  // namespace

TEST_CASE("ranges of bytes") {
  using Kind = RangeChoice::Kind;
  const RangeRow rows[] = {
      {"bytes=0-0", Kind::part, {0, 0}},
      {"bytes=0-99", Kind::part, {0, 99}},
      {"bytes=0-100", Kind::part, {0, 99}},
      {"bytes=99-", Kind::part, {99, 99}},
      {"bytes=10-18446744073709551615", Kind::part, {10, 99}},
      {"bytes=10-99999999999999999999999", Kind::part, {10, 99}},
      {"bytes=-1", Kind::part, {99, 99}},
      {"bytes=-100", Kind::part, {0, 99}},
      {"bytes=-1000", Kind::part, {0, 99}},
      {"BYTES= 5-6 ", Kind::part, {5, 6}},
      {"bytes=100-", Kind::unsatisfiable},
      {"bytes=100-200", Kind::unsatisfiable},
      {"bytes=99999999999999999999999-", Kind::unsatisfiable},
      {"bytes=-0", Kind::unsatisfiable},
      {"bytes=5-4", Kind::whole},
      {"bytes=0-1,5-6", Kind::whole},
      {"bytes=-", Kind::whole},
      {"bytes=", Kind::whole},
      {"bytes=a-b", Kind::whole},
      {"bytes=1-2x", Kind::whole},
      {"bytes=1", Kind::whole},
      {"bytes=--1", Kind::whole},
      {"bytes=+1-2", Kind::whole},
      {"items=0-1", Kind::whole},
      {"bytes", Kind::whole},
      {"", Kind::whole},
  };
  for (const RangeRow& row : rows) {
    CAPTURE(row.header);
    const RangeChoice choice = choose_range(row.header, 100);
    CHECK(choice.kind == row.kind);
    CHECK(choice.range == row.range);
  }
  CHECK(choose_range("bytes=0-", 0).kind == Kind::unsatisfiable);
  CHECK(choose_range("bytes=-5", 0).kind == Kind::unsatisfiable);
}

TEST_CASE("lists of entity tags") {
  struct Row {
    const char* list;
    bool weakly;
    bool strongly;
  };
  const Row rows[] = {
      {"\"v\"", true, true},
      {"W/\"v\"", true, false},
      {"\"a\", \"v\"", true, true},
      {"\"a\",W/\"v\"", true, false},
      {"*", true, true},
      {" * ", true, true},
      {"\"a\"", false, false},
      {"", false, false},
      {"v", false, false},
      {"\"v", false, false},
      {"\"a\" x \"v\"", false, false},
      {"\"a\" , ,\t\"v\"", true, true},
      {"w/\"v\"", false, false},
      {"\"a,\"v\"", false, false},
      {"\"v-br\"", false, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.list);
    CHECK(has_tag_weakly(row.list, "\"v\"") == row.weakly);
    CHECK(has_tag_strongly(row.list, "\"v\"") == row.strongly);
  }
}

TEST_CASE("weights of content codings") {
  CHECK(coding_weight(none, "br") == 1000);
  CHECK(coding_weight("", "br") == 0);
  CHECK(coding_weight("", "identity") == 1);
  CHECK(coding_weight("gzip, br", "br") == 1000);
  CHECK(coding_weight("gzip, BR ; q=0.5", "br") == 500);
  CHECK(coding_weight("br;q=0.123", "br") == 123);
  CHECK(coding_weight("br;q=0", "br") == 0);
  CHECK(coding_weight("br;q=0.000, *", "br") == 0);
  CHECK(coding_weight("*;q=0.3", "zstd") == 300);
  CHECK(coding_weight("*;q=0", "identity") == 0);
  CHECK(coding_weight("identity;q=0", "identity") == 0);
  CHECK(coding_weight("*;q=0, identity;q=0.1", "identity") == 100);
  for (const char* malformed : {"br;q=2", "br;q=1.001", "br;q=-1", "br;q=", "br;x=1", "br;q=0.1234", "br;q=.5"}) {
    CAPTURE(malformed);
    CHECK(coding_weight(malformed, "br") == 0);
  }
}

TEST_CASE("the smallest of the equally welcome codings is sent") {
  struct Row {
    const char* accepted;
    const char* coding;
    std::size_t size;
  };
  const Row rows[] = {
      {"br, zstd, gzip", "br", 60},
      {"zstd", "zstd", 80},
      {"br;q=0.5, zstd", "zstd", 80},
      {"gzip", "", 100},
      {"", "", 100},
      {"*", "br", 60},
      {"identity, br;q=0.9", "", 100},
      {"br;q=0", "", 100},
      {"identity;q=0, zstd", "zstd", 80},
  };
  for (const Row& row : rows) {
    CAPTURE(row.accepted);
    const auto response = get({{"Accept-Encoding", row.accepted}});
    CHECK(response.status == 200);
    CHECK(test::header_of(response, "Content-Encoding") == row.coding);
    CHECK(response.size() == row.size);
    CHECK(test::header_of(response, "Vary") == "Accept-Encoding");
  }
  CHECK(test::header_of(get({}), "Content-Encoding").empty());
  CHECK(test::header_of(get({{"Accept-Encoding", "br"}}), "ETag") == "\"v-br\"");
  CHECK(get({{"Accept-Encoding", "gzip"}, {"accept-encoding", "br"}}).size() == 60);
  CHECK(get({{"Accept-Encoding", "gzip, identity;q=0"}}).status == 406);
  CHECK(get({{"Accept-Encoding", "*;q=0"}}).status == 406);
}

TEST_CASE("a client that has the file gets nothing") {
  const auto same = get({{"If-None-Match", "\"v\""}});
  CHECK(same.status == 304);
  CHECK(same.size() == 0);
  CHECK(test::header_of(same, "ETag") == "\"v\"");
  CHECK(test::header_of(same, "Vary") == "Accept-Encoding");
  CHECK(get({{"If-None-Match", "*"}}).status == 304);
  CHECK(get({{"If-None-Match", "\"a\", W/\"v\""}}, "HEAD").status == 304);
  CHECK(get({{"If-None-Match", "\"a\""}}).status == 200);
  CHECK(get({{"If-None-Match", "v"}}).status == 200);
  CHECK(get({{"If-None-Match", "\"v\""}, {"Range", "bytes=0-1"}}).status == 304);
  // The identity that it has is as good as the coding that it would get.
  const auto other_form = get({{"If-None-Match", "\"v\""}, {"Accept-Encoding", "br"}});
  CHECK(other_form.status == 304);
  CHECK(test::header_of(other_form, "ETag") == "\"v\"");
  // A coding that it does not accept any more is not.
  CHECK(get({{"If-None-Match", "\"v-br\""}, {"Accept-Encoding", "zstd"}}).status == 200);
}

TEST_CASE("a condition on another file fails") {
  CHECK(get({{"If-Match", "\"v\""}}).status == 200);
  CHECK(get({{"If-Match", "*"}}).status == 200);
  CHECK(get({{"If-Match", "W/\"v\""}}).status == 412);
  CHECK(get({{"If-Match", "\"a\""}}).status == 412);
}

TEST_CASE("a range is a part of the identity") {
  const auto part = get({{"Range", "bytes=26-28"}, {"Accept-Encoding", "br"}});
  CHECK(part.status == 206);
  CHECK(test::body_of(part) == "abc");
  CHECK(test::header_of(part, "Content-Range") == "bytes 26-28/100");
  CHECK(test::header_of(part, "ETag") == "\"v\"");
  CHECK(test::header_of(part, "Content-Encoding").empty());

  const auto beyond = get({{"Range", "bytes=100-"}});
  CHECK(beyond.status == 416);
  CHECK(test::header_of(beyond, "Content-Range") == "bytes */100");
  CHECK_FALSE(beyond.shared.owner);

  CHECK(get({{"Range", "bytes=0-1, 5-6"}}).status == 200);
  CHECK(get({{"Range", "bytes=0-1"}, {"Range", "bytes=5-6"}}).status == 200);
  const auto head = get({{"Range", "bytes=0-1"}}, "HEAD");
  CHECK(head.status == 200);
  CHECK(head.size() == 100);
}

TEST_CASE("a range goes on with the form that the client has a part of") {
  const auto coded = get({{"Range", "bytes=50-"}, {"If-Range", "\"v-br\""}, {"Accept-Encoding", "br"}});
  CHECK(coded.status == 206);
  CHECK(test::header_of(coded, "Content-Encoding") == "br");
  CHECK(test::header_of(coded, "Content-Range") == "bytes 50-59/60");
  CHECK(get({{"Range", "bytes=50-"}, {"If-Range", "\"v\""}}).status == 206);
  for (const char* other : {"\"a\"", "W/\"v\"", "Sun, 06 Nov 1994 08:49:37 GMT", "\"v-br\""}) {
    CAPTURE(other);
    const auto whole = get({{"Range", "bytes=50-"}, {"If-Range", other}, {"Accept-Encoding", "identity"}});
    CHECK(whole.status == 200);
    CHECK(whole.size() == 100);
  }
}
