#include <sotto/sync/internal/wire_writer.hpp>

#include <string>

namespace sotto::sync {

void WireWriter::number(std::uint64_t value, std::size_t width) {
  for (std::size_t i = width; i-- > 0;) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void WireWriter::opaque(ByteSpan bytes, std::size_t width, std::size_t min, const char* field) {
  check_size(bytes.size(), width, min, field);
  number(bytes.size(), width);
  fixed(bytes);
}

std::size_t WireWriter::begin_opaque(std::size_t width) {
  number(0, width);
  return bytes_.size();
}

void WireWriter::end_opaque(std::size_t begin, std::size_t width, std::size_t min, const char* field) {
  const std::size_t size = bytes_.size() - begin;
  check_size(size, width, min, field);
  for (std::size_t i = 0; i < width; ++i) bytes_[begin - 1 - i] = static_cast<std::byte>(size >> (8 * i));
}

void WireWriter::check_size(std::size_t size, std::size_t width, std::size_t min, const char* field) {
  if (size < min) fail(field, "is too short");
  if (size > (std::uint64_t{1} << (8 * width)) - 1) fail(field, "is too long for its length");
}

void WireWriter::fail(const char* field, const char* problem) {
  if (field_ != nullptr) return;
  field_ = field;
  problem_ = problem;
}

Result<Bytes> WireWriter::result() && {
  if (field_ != nullptr) return Error{ErrorCode::out_of_range, std::string(field_) + ' ' + problem_};
  return std::move(bytes_);
}

}  // namespace sotto::sync
