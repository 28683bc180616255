#include <sotto/http/request_reader.hpp>
#include <sotto/http/target.hpp>
#include <sotto/http/text.hpp>

#include <string>
#include <utility>

namespace sotto::http {

namespace {

constexpr Refusal bad_target{400, "malformed_request", "the target of the request is neither a path nor a URL"};

// The line at the front, taken off `bytes` with its end. Precondition: there is one.
std::string_view take_line(std::string_view& bytes) noexcept {
  const std::size_t end = bytes.find("\r\n");
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end + 2);
  return line;
}

}  // namespace

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
  // Every line has the form that it should have.
  std::string_view head = bytes.substr(0, scan_.size());
  const std::string_view first = take_line(head);
  const std::size_t method_end = first.find(' ');
  const std::size_t target_end = first.rfind(' ');
  request_.method = first.substr(0, method_end);
  for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
    const std::size_t colon = line.find(':');
    request_.headers.push_back({std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
  }
  auto [framing, refusal] = read_framing(request_.headers, first.ends_with("1.0"));
  if (refusal) return refuse(*refusal);
  framing_ = framing;
  auto target = split_target(request_.method, first.substr(method_end + 1, target_end - method_end - 1));
  if (!target) return refuse(bad_target);
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  has_head_ = true;
  return {Step::head, scan_.size()};
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
  if (body_limit_ == 0) return refuse(body_too_large);  // before the client is told to go on
  const std::size_t given = bytes.size();
  switch (chunks_.read(bytes, request_.body, body_limit_)) {
    case ChunkedBody::State::need_more: return {Step::need_more, given - bytes.size()};
    case ChunkedBody::State::complete: return {Step::complete, given - bytes.size()};
    case ChunkedBody::State::refused: break;
  }
  return refuse(chunks_.refusal());
}

}  // namespace sotto::http
