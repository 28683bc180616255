#include <sotto/http/request_head.hpp>
#include <sotto/http/text.hpp>

#include <algorithm>
#include <charconv>

namespace sotto::http {

namespace {

constexpr std::size_t max_lines = 128;
constexpr std::size_t max_method = 32;

constexpr Refusal bad_bytes{400, "malformed_request", "the head of the request has a byte that is not allowed"};
constexpr Refusal bad_line_end{400, "malformed_request", "every line of the head must end with CR and LF"};
constexpr Refusal bad_request_line{400, "malformed_request", "the request line is not 'METHOD TARGET HTTP/1.1'"};
constexpr Refusal bad_version{505, "unsupported_version", "the server speaks HTTP/1.1 and HTTP/1.0"};
constexpr Refusal bad_field{400, "malformed_request", "a header line is not 'NAME: VALUE'"};
constexpr Refusal target_too_long{414, "target_too_long", "the target of the request is too long"};

std::optional<Refusal> check_request_line(std::string_view line) noexcept {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end) return bad_request_line;
  const std::string_view method = line.substr(0, method_end);
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  if (!is_token(method) || method.size() > max_method) return bad_request_line;
  if (target.empty() || !std::all_of(target.begin(), target.end(), is_visible)) return bad_request_line;
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  return version.starts_with("HTTP/") ? bad_version : bad_request_line;
}

bool is_host(std::string_view host) noexcept {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return is_visible(c) && std::string_view("/?#@\\,;\"<>").find(c) == std::string_view::npos;
  });
}

}  // namespace

bool is_header_line(std::string_view line) noexcept {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && is_token(line.substr(0, colon));
}

HeadScan::State HeadScan::refuse(const Refusal& refusal) noexcept {
  refusal_ = refusal;
  return State::refused;
}

HeadScan::State HeadScan::look_at(std::string_view bytes) noexcept {
  for (; at_ < bytes.size(); ++at_) {
    if (at_ >= max_bytes_) return refuse(lines_ == 0 ? target_too_long : header_too_large);
    const char c = bytes[at_];
    const bool follows_cr = at_ > line_ && bytes[at_ - 1] == '\r';
    if (follows_cr != (c == '\n')) return refuse(bad_line_end);
    if (c != '\n') {
      if (is_control(c) && c != '\t' && c != '\r') return refuse(bad_bytes);
      continue;
    }
    const std::string_view line = bytes.substr(line_, at_ - 1 - line_);
    if (lines_ == 0) {
      if (const auto refusal = check_request_line(line)) return refuse(*refusal);
    } else if (line.empty()) {
      ++at_;
      return State::complete;
    } else if (!is_header_line(line)) {
      return refuse(bad_field);
    }
    line_ = at_ + 1;
    if (++lines_ > max_lines) return refuse(header_too_large);
  }
  return State::need_more;
}

FramingResult read_framing(std::span<const Header> headers, bool is_http_1_0) {
  FramingResult result;
  Framing& framing = result.framing;
  const auto refuse = [&](unsigned status, std::string_view code, std::string_view message) {
    result.refusal = Refusal{status, code, message};
    return result;
  };
  framing.is_http_1_0 = is_http_1_0;
  framing.keep_alive = !is_http_1_0;
  bool closes = false;
  bool keeps = false;
  std::size_t hosts = 0;
  std::size_t lengths = 0;
  std::size_t codings = 0;
  for (const Header& header : headers) {
    const std::string_view value = trimmed(header.value);
    if (equal_in_any_case(header.name, "Host")) {
      ++hosts;
      if (!is_host(value)) return refuse(400, "malformed_request", "the Host header is no host");
    } else if (equal_in_any_case(header.name, "Content-Length")) {
      ++lengths;
      const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), framing.length);
      if (code != std::errc() || end != value.data() + value.size()) {
        return refuse(400, "malformed_request", "Content-Length is not a number of bytes");
      }
    } else if (equal_in_any_case(header.name, "Transfer-Encoding")) {
      ++codings;
      if (!equal_in_any_case(value, "chunked")) {
        return refuse(501, "unknown_transfer_coding", "the only transfer coding that the server reads is 'chunked'");
      }
    } else if (equal_in_any_case(header.name, "Expect") && !is_http_1_0) {
      if (!equal_in_any_case(value, "100-continue")) {
        return refuse(417, "unknown_expectation", "the only expectation that the server knows is '100-continue'");
      }
      framing.expects_continue = true;
    } else if (equal_in_any_case(header.name, "Connection")) {
      std::string_view options = value;
      while (!options.empty()) {
        const std::size_t comma = options.find(',');
        const std::string_view option = trimmed(options.substr(0, comma));
        closes = closes || equal_in_any_case(option, "close");
        keeps = keeps || equal_in_any_case(option, "keep-alive");
        options.remove_prefix(comma == std::string_view::npos ? options.size() : comma + 1);
      }
    }
  }
  if (hosts > 1 || (hosts == 0 && !is_http_1_0)) {
    return refuse(400, "malformed_request", "a request needs exactly one Host header");
  }
  if (lengths > 1) return refuse(400, "malformed_request", "a request may have one Content-Length only");
  if (codings > 1) return refuse(400, "malformed_request", "a request may have one Transfer-Encoding only");
  if (codings > 0 && lengths > 0) {
    return refuse(400, "malformed_request", "a request may have Content-Length or Transfer-Encoding, not both");
  }
  if (codings > 0 && is_http_1_0) return refuse(400, "malformed_request", "HTTP/1.0 has no Transfer-Encoding");
  if (codings > 0) framing.body = Framing::Body::chunked;
  if (lengths > 0 && framing.length > 0) framing.body = Framing::Body::sized;
  framing.keep_alive = !closes && (!is_http_1_0 || keeps);
  return result;
}

}  // namespace sotto::http
