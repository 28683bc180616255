#include <sotto/sync/internal/wire_reader.hpp>

#include <algorithm>

namespace sotto::sync {

std::uint64_t WireReader::number(std::size_t width, const char* field) {
  if (rest_.size() < width) {
    fail(ErrorCode::truncated, field, "is cut off");
    return 0;
  }
  std::uint64_t value = 0;
  for (const std::byte byte : rest_.first(width)) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  rest_ = rest_.subspan(width);
  return value;
}

void WireReader::fixed(std::span<std::byte> out, const char* field) {
  if (rest_.size() < out.size()) {
    fail(ErrorCode::truncated, field, "is cut off");
    return;
  }
  std::copy_n(rest_.begin(), out.size(), out.begin());
  rest_ = rest_.subspan(out.size());
}

ByteSpan WireReader::opaque(std::size_t width, std::size_t min, const char* field) {
  const std::uint64_t size = number(width, field);
  if (failed_) return {};
  if (size > rest_.size()) {
    fail(ErrorCode::truncated, field, "is cut off");
    return {};
  }
  if (size < min) {
    fail(ErrorCode::malformed, field, "is too short");
    return {};
  }
  const ByteSpan bytes = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(bytes.size());
  return bytes;
}

void WireReader::fail(ErrorCode code, const char* field, const char* problem) {
  fail(Error{code, std::string(field) + ' ' + problem});
}

void WireReader::fail(Error error) {
  if (!failed_) error_ = std::move(error);
  failed_ = true;
  rest_ = {};
}

}  // namespace sotto::sync
