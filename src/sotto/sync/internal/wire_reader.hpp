// Reads the fields of a message: big-endian numbers, and bytes behind their length (TLS presentation syntax).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::sync {

// The first failure stays. From then on every field reads as zeros or empty, so that a caller checks once, at the end.
class WireReader {
 public:
  explicit WireReader(ByteSpan bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool ok() const noexcept { return !failed_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  // An unsigned number of `width` bytes, 1 to 8.
  std::uint64_t number(std::size_t width, const char* field);
  std::uint8_t u8(const char* field) { return static_cast<std::uint8_t>(number(1, field)); }
  std::uint16_t u16(const char* field) { return static_cast<std::uint16_t>(number(2, field)); }
  std::uint32_t u32(const char* field) { return static_cast<std::uint32_t>(number(4, field)); }
  std::uint64_t u64(const char* field) { return number(8, field); }

  // A field of fixed size.
  void fixed(std::span<std::byte> out, const char* field);
  // Bytes behind a length of `width` bytes, `min` of them at least. The span is a part of the message.
  ByteSpan opaque(std::size_t width, std::size_t min, const char* field);
  Bytes opaque_copy(std::size_t width, std::size_t min, const char* field) {
    const ByteSpan bytes = opaque(width, min, field);
    return {bytes.begin(), bytes.end()};
  }

  void fail(ErrorCode code, const char* field, const char* problem);
  // Takes over what went wrong inside of an opaque field.
  void fail(Error error);
  // Precondition: !ok().
  [[nodiscard]] Error take_error() { return std::move(error_); }

 private:
  ByteSpan rest_;
  bool failed_ = false;
  Error error_{ErrorCode::malformed, {}};
};

// Declared for each message in messages.hpp; decode_whole() demands that it takes all bytes.
template <class Message>
Result<Message> decode_whole(ByteSpan bytes, const char* name) {
  WireReader reader(bytes);
  Message message;
  read(reader, message);
  if (reader.ok() && !reader.at_end()) reader.fail(ErrorCode::malformed, name, "has bytes beyond its end");
  if (!reader.ok()) return reader.take_error();
  return message;
}

// Reads elements up to the end. Each has at least one byte, so the list is no longer than the bytes.
template <class Element>
void read_all(WireReader& reader, std::vector<Element>& elements) {
  while (reader.ok() && !reader.at_end()) read(reader, elements.emplace_back());
}

// Reads a list behind its length in bytes.
template <class Element>
void read_list(WireReader& reader, std::vector<Element>& elements, std::size_t width, std::size_t min,
               const char* field) {
  WireReader inside(reader.opaque(width, min, field));
  read_all(inside, elements);
  if (!inside.ok()) reader.fail(inside.take_error());
}

}  // namespace sotto::sync
