// What a client asks of a file that has an entity tag: a part of it, another coding, or nothing if it has it already.
// The rules are those of RFC 9110; its sections are named where they decide.
#pragma once

#include <sotto/http/message.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // inclusive
  bool operator==(const ByteRange&) const = default;
};

struct RangeChoice {
  enum class Kind {
    whole,  // no range, several ranges, or a header that is not one range of bytes: it is ignored (14.2)
    part,
    unsatisfiable  // 416
  };
  Kind kind = Kind::whole;
  ByteRange range;
};

// Reads the header Range for a file of `size` bytes: "bytes=0-99", "bytes=100-", "bytes=-100".
[[nodiscard]] RangeChoice choose_range(std::string_view header, std::uint64_t size);

// Whether a list of entity tags such as `W/"a", "b"` has the tag. "*" has every tag. `tag` is with its quotes. A list
// that is malformed has what stands before the fault.
[[nodiscard]] bool has_tag_weakly(std::string_view list, std::string_view tag);  // 8.8.3.2, for If-None-Match
[[nodiscard]] bool has_tag_strongly(std::string_view list, std::string_view tag);  // for If-Match

// How much a client wants a content coding, from 0 (not at all) to 1000 (12.4.2 has three digits). `header` is
// Accept-Encoding, absent where the request has none. Without the header everything is welcome (12.5.3); the identity
// is welcome unless it is excluded.
[[nodiscard]] int coding_weight(std::optional<std::string_view> header, std::string_view coding);

// The values of all headers of this name, joined by ", " (5.3); nothing where there is none.
[[nodiscard]] std::optional<std::string> joined_header(const http::Request& request, std::string_view name);

// One form of the same content: its bytes, its coding ("" for the identity) and its strong entity tag.
struct Representation {
  std::string coding;
  std::string tag;
  http::SharedBytes bytes;
};

// Answers GET or HEAD. `representations` begins with the identity. The answer has ETag, Vary, Accept-Ranges,
// Content-Encoding and Content-Range; the caller adds the others.
//
// Which representation is selected is the server's choice (12.1), and it is made so that clients get least: one that
// If-None-Match names; one that If-Range names; the identity for any other range; otherwise the one that the client
// wants most, and of equally welcome ones the smallest.
[[nodiscard]] http::Response answer_from(std::span<const Representation> representations, const http::Request& request);

}  // namespace sotto::serve
