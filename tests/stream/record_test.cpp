// What an event and a record may have in their JSON, and what is set aside by which reason.
#include <sotto/stream/event.hpp>
#include <sotto/stream/parse_json.hpp>
#include <sotto/stream/record.hpp>
#include <sotto/stream/user_id.hpp>

#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <variant>

using namespace sotto;
using namespace sotto::stream;

namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// "" for a good record.
std::string reason_of(const std::string& text) {
  const auto record = read_record(text);
  const auto* letter = std::get_if<DeadLetter>(&record);
  if (letter != nullptr) CHECK_FALSE(letter->detail.empty());
  return letter == nullptr ? "" : std::string(reason_name(letter->reason));
}

// A good record with these fields instead of its own.
std::string with(const std::string& fields) { return R"({"user":"u","id":"a","at":5,)" + fields + "}"; }

}  // namespace

TEST_CASE("JSON is read within bounds") {
  const auto value = parse_json(R"({"a":[1,-2,0.5,true,null,{"b":"ü"}]})");
  REQUIRE(value);
  CHECK(value->dump() == R"({"a":[1,-2,0.5,true,null,{"b":"ü"}]})");
  CHECK(parse_json(repeated("[", 16) + repeated("]", 16)));
  CHECK_FALSE(parse_json(repeated("[", 17) + repeated("]", 17)));
  CHECK_FALSE(parse_json(repeated("[", 100'000)));
  CHECK_FALSE(parse_json(R"({"a":1,"a":2})"));
  CHECK(parse_json(R"({"a":{"a":1}})"));
  for (const char* text : {"", "{", "[1,]", "{}{}", "nul", "NaN", "[Infinity]", "1e999", "'a'", "{\"a\":\"\xff\"}",
                           "\"\xed\xa0\x80\"", "\"\x01\"", R"("\ud800")"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_json(text));
  }
}

TEST_CASE("a user's id has no control characters") {
  CHECK(is_user_id("u"));
  CHECK(is_user_id("Jürgen 北京"));
  CHECK(is_user_id(std::string(256, 'u')));
  CHECK_FALSE(is_user_id(""));
  CHECK_FALSE(is_user_id(std::string(257, 'u')));
  CHECK_FALSE(is_user_id(std::string_view("a\0b", 3)));
  CHECK_FALSE(is_user_id("a\x7f"));
  CHECK_FALSE(is_user_id("a\xc2\x85"));
}

TEST_CASE("a record has an event and its user") {
  const auto record = read_record(
      R"({"user":"Jürgen","id":"85123A","kind":"dwell","amount":12.5,"at":-1.5,"event_id":"e-1","recommendation_id":"r"})");
  const auto* good = std::get_if<Record>(&record);
  REQUIRE(good != nullptr);
  CHECK(good->user == "Jürgen");
  CHECK(good->event.item == "85123A");
  CHECK(good->event.kind == FeedbackKind::dwell);
  CHECK(good->event.amount == 12.5F);
  CHECK(good->event.at == -2);
  CHECK(good->event_id == "e-1");
  CHECK(good->event.recommendation_id == "r");

  const auto least = read_record(R"({"user":"u","id":"a","at":1760000000})");
  const auto* click = std::get_if<Record>(&least);
  REQUIRE(click != nullptr);
  CHECK(click->event.kind == FeedbackKind::click);
  CHECK(click->event.amount == 0);
  CHECK(click->event_id.empty());
}

TEST_CASE("a record that breaks a rule is a dead letter with its reason") {
  for (const char* text : {"", "{", "[]", "7", R"({"user":"u","user":"v","id":"a","at":5})", "\xff"}) {
    CAPTURE(text);
    CHECK(reason_of(text) == "bad_record");
  }
  for (const char* user : {R"("user":"",)", R"("user":7,)", R"("user":null,)", R"("user":"a\nb",)", ""}) {
    CAPTURE(user);
    CHECK(reason_of(std::string("{") + user + R"("id":"a","at":5})") == "bad_key");
  }
  CHECK(reason_of(R"({"user":")" + std::string(257, 'u') + R"(","id":"a","at":5})") == "bad_key");
  CHECK(reason_of(R"({"user":"u","at":5})") == "bad_record");
  CHECK(reason_of(R"({"user":"u","id":"a"})") == "bad_record");
  CHECK(reason_of(R"({"user":"u","id":"","at":5})") == "bad_record");
  CHECK(reason_of(R"({"user":"u","id":"a","at":"now"})") == "bad_record");
  CHECK(reason_of(R"({"user":"u","id":"a","at":1e17})") == "bad_record");
  for (const char* fields : {R"("kind":"stared")", R"("color":"red")", R"("event_id":"a b")", R"("event_id":"ü")",
                             R"("event_id":"")", R"("amount":"5")", R"("recommendation_id":7)"}) {
    CAPTURE(fields);
    CHECK(reason_of(with(fields)) == "bad_record");
  }
  CHECK(reason_of(with(R"("event_id":")" + std::string(65, 'e') + "\"")) == "bad_record");
  CHECK(reason_of(with(R"("event_id":")" + std::string(64, 'e') + "\"")).empty());
}

TEST_CASE("an amount outside the bounds of its kind has a reason of its own") {
  CHECK(reason_of(with(R"("kind":"rating","amount":1)")).empty());
  CHECK(reason_of(with(R"("kind":"rating","amount":-1.0)")).empty());
  CHECK(reason_of(with(R"("kind":"rating","amount":1.01)")) == "bad_amount");
  CHECK(reason_of(with(R"("kind":"rating","amount":-2)")) == "bad_amount");
  CHECK(reason_of(with(R"("kind":"dwell","amount":1e9)")).empty());
  CHECK(reason_of(with(R"("kind":"dwell","amount":1.1e9)")) == "bad_amount");
}
