// Decodes a body in chunks (RFC 9112, section 7.1) from bytes that arrive in pieces of any size. Extensions and
// trailers are read over. Line feeds and other control characters in them are refused: proxies differ over where such a
// line ends, and requests have been smuggled through the difference.
#pragma once

#include <sotto/http/request_head.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::http {

class ChunkedBody {
 public:
  // `max_extra_bytes` bounds the extensions and the trailers of the whole body.
  explicit ChunkedBody(std::size_t max_extra_bytes) noexcept : max_extra_bytes_(max_extra_bytes) {}

  enum class State { need_more, complete, refused };
  // Appends the data of the chunks to `body`, `limit` bytes at the most, and takes what it has read off `bytes`.
  State read(std::string_view& bytes, std::string& body, std::size_t limit);

  // Precondition: refused.
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

 private:
  enum class Place {
    size,
    extension,
    end_of_size,
    data,
    end_of_data_cr,
    end_of_data_lf,
    trailer,
    end_of_trailer,
    done
  };

  std::size_t max_extra_bytes_;
  Place place_ = Place::size;
  std::uint64_t size_ = 0;  // of this chunk; of what is left of it, in its data
  unsigned digits_ = 0;
  std::size_t extra_bytes_ = 0;
  std::string line_;  // of the trailer
  Refusal refusal_;

  [[nodiscard]] bool take(char c, std::size_t body_size, std::size_t limit);
};

}  // namespace sotto::http
