// Writes the fields of a message: big-endian numbers, and bytes behind their length (TLS presentation syntax).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::sync {

// Remembers the first field that has no encoding, so that a caller checks once, at the end.
class WireWriter {
 public:
  WireWriter() = default;
  // The message has about so many bytes.
  explicit WireWriter(std::size_t size) { bytes_.reserve(size); }

  void number(std::uint64_t value, std::size_t width);
  void u8(std::uint8_t value) { number(value, 1); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }

  void fixed(ByteSpan bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  // Bytes behind a length of `width` bytes. Fails where there are fewer than `min`, or too many for the length.
  void opaque(ByteSpan bytes, std::size_t width, std::size_t min, const char* field);

  // Begins a field behind a length of `width` bytes, and returns what end_opaque() needs.
  [[nodiscard]] std::size_t begin_opaque(std::size_t width);
  void end_opaque(std::size_t begin, std::size_t width, std::size_t min, const char* field);

  void fail(const char* field, const char* problem);
  [[nodiscard]] Result<Bytes> result() &&;

 private:
  void check_size(std::size_t size, std::size_t width, std::size_t min, const char* field);

  Bytes bytes_;
  const char* field_ = nullptr;  // of the first failure
  const char* problem_ = nullptr;
};

template <class Message>
Result<Bytes> encode_whole(const Message& message) {
  WireWriter writer;
  write(writer, message);
  return std::move(writer).result();
}

template <class Element>
void write_all(WireWriter& writer, const std::vector<Element>& elements) {
  for (const Element& element : elements) write(writer, element);
}

// Writes a list behind its length in bytes.
template <class Element>
void write_list(WireWriter& writer, const std::vector<Element>& elements, std::size_t width, std::size_t min,
                const char* field) {
  const std::size_t begin = writer.begin_opaque(width);
  write_all(writer, elements);
  writer.end_opaque(begin, width, min, field);
}

}  // namespace sotto::sync
