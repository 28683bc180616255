// Reads one request from bytes that arrive in pieces of any size. It does no input and no output.
#pragma once

#include <sotto/http/chunked_body.hpp>
#include <sotto/http/message.hpp>
#include <sotto/http/request_head.hpp>

#include <cstddef>
#include <string_view>

namespace sotto::http {

class RequestReader {
 public:
  explicit RequestReader(std::size_t max_header_bytes)
      : max_header_bytes_(max_header_bytes), scan_(max_header_bytes), chunks_(max_header_bytes) {}

  enum class Step {
    need_more,
    head,  // once, when the headers are there; the body is read by the next call
    complete,
    refused
  };
  struct Progress {
    Step step;
    std::size_t used;  // bytes that need not be given again
  };
  // `bytes` is what has arrived and was not used yet.
  [[nodiscard]] Progress read(std::string_view bytes);

  // The longest body that is read; a longer one is refused. Called between `head` and the next read().
  void limit_body(std::size_t bytes) noexcept { body_limit_ = bytes; }

  // From `head` on; with its body from `complete` on. The client and the id are empty.
  [[nodiscard]] Request& request() noexcept { return request_; }
  [[nodiscard]] const Framing& framing() const noexcept { return framing_; }
  // Precondition: refused.
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }
  // Whether a byte of the request has been seen.
  [[nodiscard]] bool has_begun() const noexcept { return has_begun_; }

 private:
  std::size_t max_header_bytes_;
  std::size_t body_limit_ = 0;
  HeadScan scan_;
  ChunkedBody chunks_;
  Request request_;
  Framing framing_;
  Refusal refusal_;
  bool has_begun_ = false;
  bool has_skipped_line_ = false;
  bool has_head_ = false;

  Progress refuse(const Refusal& refusal);
  Progress read_head(std::string_view bytes);
  Progress read_sized(std::string_view bytes);
  Progress read_chunked(std::string_view bytes);
};

}  // namespace sotto::http
