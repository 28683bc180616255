#include <sotto/serve/answer.hpp>

#include "captured_answer.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace sotto;
using namespace sotto::serve;

TEST_CASE("an error has a code, a message and the request's id") {
  http::Response response = error_answer(400, "unknown_field", "The body has the unknown field 'x'.");
  set_request_id(response, R"(a"b\c)");
  CHECK(response.status == 400);
  CHECK(test::header_of(response, "Content-Type") == "application/json");
  const auto document = nlohmann::json::parse(response.body, nullptr, false);
  CHECK(document == nlohmann::json{{"error",
                                    {{"code", "unknown_field"},
                                     {"message", "The body has the unknown field 'x'."},
                                     {"request_id", R"(a"b\c)"}}}});
}

TEST_CASE("the request's id goes into errors only") {
  http::Response good = json_answer({{"error", {{"request_id", ""}}}});
  const std::string before = good.body;
  set_request_id(good, "7");
  CHECK(good.body == before);
}

TEST_CASE("text that is not UTF-8 gives an answer and does not end the program") {
  const auto document = nlohmann::json::parse(json_answer({{"a", "x\xff"}}).body, nullptr, false);
  CHECK(document["a"] == "x\xef\xbf\xbd");
}

TEST_CASE("errors of the library have statuses") {
  CHECK(error_answer(Error{ErrorCode::missing, "there is no model 'a'"}).status == 404);
  CHECK(error_answer(Error{ErrorCode::mismatch, "x"}).status == 409);
  CHECK(error_answer(Error{ErrorCode::malformed, "x"}).status == 400);
  const auto broken = error_answer(Error{ErrorCode::io, "cannot read '/var/lib/sotto/x'"});
  CHECK(broken.status == 503);
  CHECK(broken.body.find("/var") == std::string::npos);
}
