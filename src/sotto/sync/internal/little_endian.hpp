// Reads and writes the little-endian fields of Sotto's own files. DAP's messages are big-endian (wire_reader.hpp).
#pragma once

#include <sotto/base/internal/bytes.hpp>
#include <sotto/sync/bytes.hpp>

#include <string_view>

namespace sotto::sync {

template <class Number>
void append_le(Bytes& bytes, Number value) {
  bytes.resize(bytes.size() + sizeof value);
  store_le(bytes.data() + bytes.size() - sizeof value, value);
}

inline void append_text(Bytes& bytes, std::string_view text) {
  for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
}

// Returns false, with the bytes as they were, where there are too few.
template <class Number>
[[nodiscard]] bool take_le(ByteSpan& bytes, Number& value) noexcept {
  if (bytes.size() < sizeof value) return false;
  value = load_le<Number>(bytes.data());
  bytes = bytes.subspan(sizeof value);
  return true;
}

[[nodiscard]] inline bool take_magic(ByteSpan& bytes, std::string_view magic) noexcept {
  if (bytes.size() < magic.size()) return false;
  for (std::size_t i = 0; i < magic.size(); ++i) {
    if (bytes[i] != static_cast<std::byte>(magic[i])) return false;
  }
  bytes = bytes.subspan(magic.size());
  return true;
}

}  // namespace sotto::sync
