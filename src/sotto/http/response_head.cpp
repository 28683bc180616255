#include <sotto/http/response_head.hpp>
#include <sotto/http/text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

namespace sotto::http {

namespace {

std::string_view reason_of(unsigned status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "";
  }
}

constexpr std::array<std::string_view, 7> own_headers{"Content-Length",        "Connection", "Date",
                                                      "X-Request-Id",          "Keep-Alive", "Transfer-Encoding",
                                                      "X-Content-Type-Options"};

bool may_be_sent(const Header& header) noexcept {
  if (!is_token(header.name)) return false;
  if (std::any_of(header.value.begin(), header.value.end(), [](char c) { return is_control(c) && c != '\t'; })) {
    return false;
  }
  return std::none_of(own_headers.begin(), own_headers.end(),
                      [&](std::string_view own) { return equal_in_any_case(own, header.name); });
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

void add_quoted(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  json += '"';
}

}  // namespace

std::string response_head(const Response& response, const ResponseFrame& frame) {
  const unsigned status = response.status;
  std::string head;
  head.reserve(320);
  head.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason_of(status)).append("\r\n");
  add(head, "Date", frame.date);
  if (may_have_body(status)) add(head, "Content-Length", std::to_string(response.size()));
  add(head, "X-Request-Id", frame.request_id);
  add(head, "X-Content-Type-Options", "nosniff");
  for (const Header& header : response.headers) {
    if (may_be_sent(header)) add(head, header.name, header.value);
  }
  if (!frame.keep_alive) {
    add(head, "Connection", "close");
  } else if (frame.is_http_1_0) {
    add(head, "Connection", "keep-alive");
  }
  return head.append("\r\n");
}

std::string http_date(std::int64_t seconds) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  const int length = std::snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d GMT",
                                   days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                   months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour,
                                   parts.tm_min, parts.tm_sec);
  return {text, static_cast<std::size_t>(length)};
}

Response error_response(const Refusal& refusal, std::string_view request_id, std::span<const Header> headers) {
  Response response;
  response.status = refusal.status;
  response.headers.assign(headers.begin(), headers.end());
  response.headers.push_back({"Content-Type", "application/json"});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = R"({"error":{"code":)";
  add_quoted(response.body, refusal.code);
  response.body += R"(,"message":)";
  add_quoted(response.body, refusal.message);
  response.body += R"(,"request_id":)";
  add_quoted(response.body, request_id);
  response.body += "}}";
  return response;
}

}  // namespace sotto::http
