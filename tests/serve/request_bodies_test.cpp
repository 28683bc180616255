// What requests may have in their bodies, and what is refused by name.
#include <sotto/serve/recommend_request.hpp>

#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include <string>

using namespace sotto;
using namespace sotto::serve;

namespace {

constexpr std::int64_t now = 1'700'000'000;

std::string code_of(const Answered<EventsRequest>& request) { return request ? "" : request.refusal().code; }
std::string code_of(const Answered<RecommendRequest>& request) { return request ? "" : request.refusal().code; }

std::string events_code(const std::string& body) { return code_of(parse_events_request(body, now)); }
std::string recommend_code(const std::string& body) { return code_of(parse_recommend_request(body, now)); }

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("an event stands alone or in a list") {
  auto one = parse_events_request(R"({"user":"u","id":"a","at":5,"kind":"rating","amount":-0.5})", now);
  REQUIRE(one);
  CHECK(one->user == "u");
  REQUIRE(one->events.size() == 1);
  CHECK(one->events[0].item == "a");
  CHECK(one->events[0].at == 5);
  CHECK(one->events[0].kind == FeedbackKind::rating);
  CHECK(one->events[0].amount == -0.5F);

  auto many = parse_events_request(
      R"({"user":"u","events":["a",{"id":"b","at":-1.5,"recommendation_id":"x"},{"id":"c","kind":"not_this"}]})", now);
  REQUIRE(many);
  REQUIRE(many->events.size() == 3);
  CHECK(many->events[0].at == now);
  CHECK(many->events[1].at == -2);
  CHECK(many->events[1].recommendation_id == "x");
  CHECK(many->events[2].kind == FeedbackKind::not_this);
}

TEST_CASE("events that cannot be meant are refused by name") {
  CHECK(events_code("[]") == "bad_json");
  CHECK(events_code("") == "bad_json");
  CHECK(events_code(R"({"user":"u","user":"v","id":"a"})") == "bad_json");
  CHECK(events_code(R"({"id":"a"})") == "missing_field");
  CHECK(events_code(R"({"user":"u"})") == "missing_field");
  CHECK(events_code(R"({"user":"u","events":[{}]})") == "missing_field");
  CHECK(events_code(R"({"user":1,"id":"a"})") == "bad_value");
  CHECK(events_code(R"({"user":null,"id":"a"})") == "bad_value");
  CHECK(events_code(R"({"user":"","id":"a"})") == "bad_value");
  CHECK(events_code(R"({"user":"a\nb","id":"a"})") == "bad_value");
  CHECK(events_code(R"({"user":")" + std::string(257, 'u') + R"(","id":"a"})") == "bad_value");
  CHECK(events_code(R"({"user":"u","id":"a","events":[]})") == "unknown_field");
  CHECK(events_code(R"({"user":"u","id":"a","what":1})") == "unknown_field");
  CHECK(events_code(R"({"user":"u","events":[{"id":"a","what":1}]})") == "unknown_field");
  CHECK(events_code(R"({"user":"u","events":[7]})") == "bad_value");
  CHECK(events_code(R"({"user":"u","events":"a"})") == "bad_value");
  CHECK(events_code(R"({"user":"u","id":"a","kind":"glance"})") == "bad_value");
  CHECK(events_code(R"({"user":"u","id":"a","amount":1e10})") == "bad_value");
  CHECK(events_code(R"({"user":"u","id":"a","amount":"1"})") == "bad_value");
  CHECK(events_code(R"({"user":"u","id":"a","at":"now"})") == "bad_value");
  CHECK(events_code(R"({"user":"u","id":"a","at":1e300})") == "bad_value");

  const auto at = [](std::int64_t time) { return R"({"user":"u","id":"a","at":)" + std::to_string(time) + "}"; };
  CHECK(events_code(at(now + max_ahead_seconds)).empty());
  CHECK(events_code(at(now + max_ahead_seconds + 1)) == "time_in_future");
  CHECK(events_code(at(now * 1000)) == "time_in_future");
  CHECK(events_code(at(-now)).empty());

  const auto list = [](std::size_t events) {
    return R"({"user":"u","events":["a")" + repeated(R"(,"a")", events - 1) + "]}";
  };
  CHECK(events_code(list(max_request_events)).empty());
  CHECK(events_code(list(max_request_events + 1)) == "too_many_events");
}

TEST_CASE("a refusal names the field") {
  CHECK(parse_events_request(R"({"user":"u","events":["a",{"id":"b","amont":1}]})", now).refusal().message ==
        "There is no field 'events[1].amont'.");
  CHECK(parse_recommend_request(R"({"usr":"u"})", now).refusal().message == "There is no field 'usr'.");
}

TEST_CASE("a recommendation's request is read whole") {
  auto request = parse_recommend_request(
      R"({"user":"u","events":["a",{"id":"b","at":7,"kind":"purchase"}],"k":3,"exclude":["c"],"categories":["toys"],)"
      R"("among":[],"diversity":0.25,"explain":true,"model":"shop"})",
      now);
  REQUIRE(request);
  CHECK(request->user == "u");
  CHECK(request->events.size() == 2);
  CHECK(request->wishes.k == 3);
  CHECK(request->wishes.exclude == std::vector<std::string>{"c"});
  CHECK(request->wishes.categories == std::vector<std::string>{"toys"});
  CHECK(request->wishes.among == std::vector<std::string>{});
  CHECK(request->wishes.diversity == 0.25);
  CHECK(request->wishes.explain);
  CHECK(request->wishes.model == "shop");

  auto empty = parse_recommend_request("{}", now);
  REQUIRE(empty);
  CHECK(empty->wishes.k == 10);
  CHECK_FALSE(empty->wishes.among);

  for (const char* body :
       {R"({"k":0})", R"({"k":1001})", R"({"k":2.5})", R"({"k":-1})", R"({"k":"3"})", R"({"diversity":1.1})",
        R"({"diversity":-0.1})", R"({"categories":"toys"})", R"({"among":[1]})", R"({"exclude":[""]})",
        R"({"explain":1})", R"({"k":21,"explain":true})", R"({"events":{"id":"a"}})", R"({"model":""})"}) {
    CAPTURE(body);
    CHECK(recommend_code(body) == "bad_value");
  }
  CHECK(recommend_code(R"({"events":[{"id":"a","recommendation_id":"x"}]})") == "unknown_field");
}

TEST_CASE("a batch names up to a hundred users") {
  auto batch = parse_batch_request(R"({"users":["a","b"],"k":2})");
  REQUIRE(batch);
  CHECK(batch->users.size() == 2);
  CHECK(parse_batch_request("{}").refusal().code == "missing_field");
  CHECK(parse_batch_request(R"({"users":["a",1]})").refusal().code == "bad_value");
  CHECK(parse_batch_request(R"({"users":["\u0007"]})").refusal().code == "bad_value");
  CHECK(parse_batch_request(R"({"users":["a")" + repeated(R"(,"a")", 100) + "]}").refusal().code == "bad_value");
  CHECK(parse_batch_request(R"({"users":[],"events":[]})").refusal().code == "unknown_field");
}

TEST_CASE("the tutorial's window has indices or ids") {
  auto request = parse_classic_request(R"({"input":[0,17,"a"],"k":5})");
  REQUIRE(request);
  REQUIRE(request->input.size() == 3);
  CHECK(std::get<std::uint64_t>(request->input[1]) == 17);
  CHECK(std::get<std::string>(request->input[2]) == "a");
  for (const char* body : {R"({"input":[-1]})", R"({"input":[0.5]})", R"({"input":[[1]]})", R"({"input":7})"}) {
    CAPTURE(body);
    CHECK(parse_classic_request(body).refusal().code == "bad_value");
  }
  CHECK(parse_classic_request("{}").refusal().code == "missing_field");
}
