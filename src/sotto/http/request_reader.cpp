#include <sotto/http/request_reader.hpp>
#include <sotto/http/target.hpp>

// GCC 12 needs <utility> before Asio 1.74.
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace sotto::http {

namespace {

constexpr Refusal malformed{400, "malformed_request", "the request cannot be read"};
constexpr Refusal malformed_target{400, "malformed_request", "the target of the request is neither a path nor a URL"};
constexpr Refusal malformed_body{400, "malformed_request", "the chunks of the body cannot be read"};
constexpr Refusal body_too_large{413, "body_too_large", "the body is longer than this path takes"};

}  // namespace

struct RequestReader::Parser : boost::beast::http::request_parser<boost::beast::http::string_body> {};

RequestReader::RequestReader(std::size_t max_header_bytes)
    : max_header_bytes_(max_header_bytes), scan_(max_header_bytes) {}

RequestReader::~RequestReader() = default;

RequestReader::Progress RequestReader::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  return {Step::refused, 0};
}

RequestReader::Progress RequestReader::read(std::string_view bytes) {
  has_begun_ = has_begun_ || !bytes.empty();
  if (!has_head_) return read_head(bytes);
  switch (framing_.body) {
    case Framing::Body::sized: return read_sized(bytes);
    case Framing::Body::chunked: return read_chunked(bytes);
    case Framing::Body::none: break;
  }
  return {Step::complete, 0};
}

RequestReader::Progress RequestReader::read_head(std::string_view bytes) {
  // Some clients end a body with an empty line too many (RFC 9112, section 2.2).
  if (!has_skipped_line_ && bytes.starts_with("\r\n")) {
    has_skipped_line_ = true;
    scan_ = HeadScan(max_header_bytes_);
    Progress progress = read_head(bytes.substr(2));
    progress.used += 2;
    return progress;
  }
  switch (scan_.look_at(bytes)) {
    case HeadScan::State::need_more: return {Step::need_more, 0};
    case HeadScan::State::refused: return refuse(scan_.refusal());
    case HeadScan::State::complete: break;
  }
  parser_ = std::make_unique<Parser>();
  parser_->header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(max_header_bytes_, 1U << 30U)));
  parser_->body_limit(boost::none);  // limit_body counts what arrives
  boost::beast::error_code error;
  const std::size_t used = parser_->put(boost::asio::const_buffer(bytes.data(), scan_.size()), error);
  if (error || !parser_->is_header_done() || used != scan_.size()) return refuse(malformed);

  const auto& message = parser_->get();
  const auto text = [](const auto& view) { return std::string(view.data(), view.size()); };
  for (const auto& field : message) request_.headers.push_back({text(field.name_string()), text(field.value())});
  auto [framing, refusal] = read_framing(request_.headers, message.version() == 10);
  if (refusal) return refuse(*refusal);
  framing_ = framing;
  request_.method = text(message.method_string());
  auto target = split_target(request_.method, {message.target().data(), message.target().size()});
  if (!target) return refuse(malformed_target);
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  if (framing_.body != Framing::Body::chunked) parser_.reset();
  has_head_ = true;
  return {Step::head, used};
}

RequestReader::Progress RequestReader::read_sized(std::string_view bytes) {
  if (framing_.length > body_limit_) return refuse(body_too_large);
  const std::size_t missing = static_cast<std::size_t>(framing_.length) - request_.body.size();
  const std::string_view part = bytes.substr(0, missing);
  // The memory grows with what arrives, not with what the head promises.
  request_.body.append(part);
  return {part.size() == missing ? Step::complete : Step::need_more, part.size()};
}

RequestReader::Progress RequestReader::read_chunked(std::string_view bytes) {
  if (bytes.empty()) return {Step::need_more, 0};
  boost::beast::error_code error;
  std::size_t used = 0;
  parser_->eager(true);
  used = parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error && error != boost::beast::http::error::need_more) return refuse(malformed_body);
  if (parser_->get().body().size() > body_limit_) return refuse(body_too_large);
  if (parser_->is_done()) {
    request_.body = std::move(parser_->get().body());
    parser_.reset();
    framing_.body = Framing::Body::none;
    return {Step::complete, used};
  }
  // A chunk's length and its extensions, or the trailer: one line must not fill the memory.
  if (bytes.size() - used > max_header_bytes_) return refuse(header_too_large);
  return {Step::need_more, used};
}

}  // namespace sotto::http
