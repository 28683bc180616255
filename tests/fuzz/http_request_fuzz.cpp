// Any bytes as requests on one connection: the reader must take them in any pieces, and give a handler nothing that its
// rules forbid. The parsers of targets, queries and addresses see the same bytes.
#include <sotto/http/client_address.hpp>
#include <sotto/http/request_reader.hpp>
#include <sotto/http/target.hpp>
#include <sotto/http/text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using sotto::http::Header;
using sotto::http::Request;
using sotto::http::RequestReader;

constexpr std::size_t max_head = 300;
constexpr std::size_t max_body = 100;

struct Reading {
  RequestReader::Step step = RequestReader::Step::need_more;
  std::size_t used = 0;
  unsigned status = 0;
  Request request;
};

Reading read(std::string_view bytes, std::size_t piece) {
  RequestReader reader(max_head);
  Reading reading;
  std::string held;
  std::size_t at = 0;
  while (true) {
    const auto [step, used] = reader.read(held);
    if (used > held.size()) std::abort();
    held.erase(0, used);
    reading.step = step;
    if (step == RequestReader::Step::complete || step == RequestReader::Step::refused) break;
    if (step == RequestReader::Step::head) {
      reader.limit_body(max_body);
      continue;
    }
    if (held.size() > max_head + 2) std::abort();  // a connection's buffer would be full
    if (at == bytes.size()) break;
    const std::string_view part = bytes.substr(at, piece);
    held += part;
    at += part.size();
  }
  reading.used = at - held.size();
  if (reading.step == RequestReader::Step::refused) reading.status = reader.refusal().status;
  reading.request = reader.request();
  return reading;
}

void check(const Request& request) {
  if (!sotto::http::is_token(request.method) || request.path.empty()) std::abort();
  if (request.body.size() > max_body) std::abort();
  for (const std::string& text : {request.path, request.query}) {
    if (!std::all_of(text.begin(), text.end(), sotto::http::is_visible)) std::abort();
  }
  std::size_t lengths = 0;
  std::size_t codings = 0;
  for (const Header& header : request.headers) {
    if (!sotto::http::is_token(header.name)) std::abort();
    for (const char c : header.value) {
      if (sotto::http::is_control(c) && c != '\t') std::abort();
    }
    lengths += sotto::http::equal_in_any_case(header.name, "Content-Length") ? 1U : 0U;
    codings += sotto::http::equal_in_any_case(header.name, "Transfer-Encoding") ? 1U : 0U;
  }
  if (lengths + codings > 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t piece = bytes.empty() ? 1 : 1 + static_cast<std::uint8_t>(bytes.front()) % 64;
  if (!bytes.empty()) bytes.remove_prefix(1);

  if (const auto text = sotto::http::decode_segment(bytes); text && !sotto::http::is_valid_utf8(*text)) std::abort();
  (void)sotto::http::parse_query(bytes);
  const std::array<std::string, 1> proxies{"10.0.0.0/8"};
  const std::vector<Header> forwarded{{"X-Forwarded-For", std::string(bytes)}};
  const auto trusted = sotto::http::TrustedProxies::parse(proxies);
  (void)trusted->client_of(*sotto::http::parse_address("10.0.0.1"), forwarded);
  const std::array<std::string, 1> entry{std::string(bytes)};
  (void)sotto::http::TrustedProxies::parse(entry);

  while (!bytes.empty()) {
    const Reading whole = read(bytes, bytes.size());
    for (const std::size_t size_of_piece : {std::size_t{1}, piece}) {
      const Reading pieces = read(bytes, size_of_piece);
      if (pieces.step != whole.step || pieces.status != whole.status) std::abort();
      if (pieces.request.body != whole.request.body && whole.step == RequestReader::Step::complete) std::abort();
      if (pieces.used != whole.used && whole.step == RequestReader::Step::complete) std::abort();
    }
    if (whole.step != RequestReader::Step::complete) break;
    check(whole.request);
    bytes.remove_prefix(whole.used);
  }
  return 0;
}
