// The rules for the head of a request. They forgive nothing that another server may read differently, because such
// differences are how requests are smuggled past a proxy. Boost.Beast's parser, which was tried, takes folded lines and
// a line feed within the extension of a chunk.
#pragma once

#include <sotto/http/message.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sotto::http {

// Why a request is not served. The texts are constants.
struct Refusal {
  unsigned status = 400;
  std::string_view code;  // the stable name in the answer's body
  std::string_view message;
};

constexpr Refusal header_too_large{431, "header_too_large", "the headers of the request are too large"};
constexpr Refusal body_too_large{413, "body_too_large", "the body is longer than this path takes"};

// Whether a line without its end is "NAME:" with anything behind it. No name has a space: a folded line and a space
// before the colon are refused here.
[[nodiscard]] bool is_header_line(std::string_view line) noexcept;

// Follows a head while its bytes arrive, and refuses it at its first bad byte or line. A client that speaks another
// protocol is so answered at once.
class HeadScan {
 public:
  explicit HeadScan(std::size_t max_bytes) noexcept : max_bytes_(max_bytes) {}

  enum class State { need_more, complete, refused };
  // `bytes` begins with the head and is what was given before with more behind it.
  State look_at(std::string_view bytes) noexcept;

  // The head's length with its empty line. Precondition: complete.
  [[nodiscard]] std::size_t size() const noexcept { return at_; }
  // Precondition: refused.
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

 private:
  std::size_t max_bytes_;
  std::size_t at_ = 0;  // all before it has been looked at
  std::size_t line_ = 0;  // where the present line begins
  std::size_t lines_ = 0;
  Refusal refusal_;

  State refuse(const Refusal& refusal) noexcept;
};

// How a request's body is sent, and what the connection does afterwards.
struct Framing {
  enum class Body { none, sized, chunked };
  Body body = Body::none;
  std::uint64_t length = 0;  // of a sized body
  bool keep_alive = true;
  bool is_http_1_0 = false;
  bool expects_continue = false;
};

// Reads the headers on which the length of the request depends. Fails for whatever two servers might read differently:
// Content-Length beside Transfer-Encoding, several of either, a length that is no plain number, no Host or two.
struct FramingResult {
  Framing framing;
  std::optional<Refusal> refusal;
};
[[nodiscard]] FramingResult read_framing(std::span<const Header> headers, bool is_http_1_0);

}  // namespace sotto::http
