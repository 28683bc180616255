// A JSON document, built value by value.
#include <sotto/report/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using sotto::report::Json;

TEST_CASE("values of every kind are written as JSON") {
  CHECK(Json().compact_text() == "null");
  CHECK(Json(true).compact_text() == "true");
  CHECK(Json(-3).compact_text() == "-3");
  CHECK(Json(std::numeric_limits<std::uint64_t>::max()).compact_text() == "18446744073709551615");
  CHECK(Json(std::numeric_limits<std::int64_t>::min()).compact_text() == "-9223372036854775808");
  CHECK(Json(0.5).compact_text() == "0.5");
  CHECK(Json(2.0).compact_text() == "2.0");
  CHECK(Json(std::numeric_limits<double>::quiet_NaN()).compact_text() == "null");
  CHECK(Json(std::numeric_limits<double>::infinity()).compact_text() == "null");
  CHECK(Json("a \"b\"\n").compact_text() == R"("a \"b\"\n")");
  CHECK(Json(std::string("text")).compact_text() == R"("text")");
  CHECK(Json::array_of(std::vector<std::string>{"a", "b"}).compact_text() == R"(["a","b"])");
  CHECK(Json::array().compact_text() == "[]");
  CHECK(Json::object().compact_text() == "{}");
}

TEST_CASE("members keep their order, and a member that is set again is replaced") {
  Json object = Json::object({{"z", 1}, {"a", Json::array({1, 2.5, "three"})}});
  object.set("m", Json::object({{"inner", false}}));
  object.set("z", 2);
  CHECK(object.compact_text() == R"({"z":2,"a":[1,2.5,"three"],"m":{"inner":false}})");
  CHECK(object.indented_text() ==
        "{\n  \"z\": 2,\n  \"a\": [\n    1,\n    2.5,\n    \"three\"\n  ],\n  \"m\": {\n    \"inner\": false\n  }\n}");
}

TEST_CASE("a copy is a document of its own") {
  Json first = Json::object({{"a", 1}});
  Json second = first;
  second.set("a", 2);
  CHECK(first.compact_text() == R"({"a":1})");
  first = second;
  second.set("b", 3);
  CHECK(first.compact_text() == R"({"a":2})");
}

TEST_CASE("bytes that are not UTF-8 are replaced") {
  CHECK(Json(std::string("a\xff") + "b").compact_text() ==
        "\"a\xef\xbf\xbd"
        "b\"");
}

TEST_CASE("a document inside a text is read, and another text stays a text") {
  CHECK(Json::parsed_or_text(R"({"seed": 1, "loss": "bpr-max"})").compact_text() == R"({"seed":1,"loss":"bpr-max"})");
  CHECK(Json::parsed_or_text("{not JSON").compact_text() == R"("{not JSON")");
}
