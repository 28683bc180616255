#include <sotto/http/response_head.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace sotto::http;

TEST_CASE("writes a head") {
  Response response;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = "hello";
  CHECK(response_head(response, {"Sun, 06 Nov 1994 08:49:37 GMT", "id", true, false}) ==
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 5\r\nX-Request-Id: id\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Type: text/plain\r\n\r\n");
}

TEST_CASE("says whether the connection ends") {
  const Response response;
  CHECK(response_head(response, {"", "", false, false}).find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(response_head(response, {"", "", true, true}).find("\r\nConnection: keep-alive\r\n") != std::string::npos);
  CHECK(response_head(response, {"", "", true, false}).find("Connection:") == std::string::npos);
}

TEST_CASE("leaves out headers that would break the answer") {
  Response response;
  response.headers = {{"A", "x\r\nSet-Cookie: y"},
                      {"B", std::string("x\0y", 3)},
                      {"C d", "x"},
                      {"", "x"},
                      {"E\r\nF", "x"},
                      {"content-length", "99"},
                      {"Transfer-Encoding", "chunked"},
                      {"Good", "tab\tand \xc3\xa9"}};
  const std::string head = response_head(response, {"", "", true, false});
  CHECK(head.find("Set-Cookie") == std::string::npos);
  CHECK(head.find("99") == std::string::npos);
  CHECK(head.find("chunked") == std::string::npos);
  CHECK(head.find("x") == std::string::npos);
  CHECK(head.find("Good: tab\tand \xc3\xa9\r\n") != std::string::npos);
}

TEST_CASE("gives no length where there is no body") {
  Response response;
  response.status = 204;
  CHECK(response_head(response, {"", "", true, false}).find("Content-Length") == std::string::npos);
  CHECK_FALSE(may_have_body(204));
  CHECK_FALSE(may_have_body(304));
  CHECK(may_have_body(404));
}

TEST_CASE("writes dates") {
  CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("quotes a request id in an error's body") {
  CHECK(error_response({400, "code", "what is wrong"}, R"(a"b\c)").body ==
        R"({"error":{"code":"code","message":"what is wrong","request_id":"a\"b\\c"}})");
}
