#include <sotto/data/csv_reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::size_t chunk_bytes = 65536;

constexpr bool ends_line(int character) noexcept { return character == '\n' || character == '\r'; }

}  // namespace

CsvReader::CsvReader(ByteSource& source, std::string name)
    : source_(source), name_(std::move(name)), chunk_(chunk_bytes) {
  skip_byte_order_mark();
}

// The next character without taking it; end_of_text after the last one and after a read error.
int CsvReader::peek() {
  if (position_ == chunk_end_) {
    if (read_error_) return end_of_text;
    auto got = source_.read(chunk_);
    position_ = 0;
    chunk_end_ = got ? *got : 0;
    if (!got) read_error_ = std::move(got).error();
    if (chunk_end_ == 0) return end_of_text;
  }
  return std::to_integer<int>(chunk_[position_]);
}

void CsvReader::skip_byte_order_mark() {
  constexpr std::array<std::byte, 3> mark = {std::byte{0xEF}, std::byte{0xBB}, std::byte{0xBF}};
  // A source may give fewer bytes than it is asked for.
  while (chunk_end_ < mark.size() && !read_error_) {
    auto got = source_.read(std::span(chunk_).subspan(chunk_end_));
    if (!got)
      read_error_ = std::move(got).error();
    else if (*got == 0)
      break;
    else
      chunk_end_ += *got;
  }
  if (chunk_end_ >= mark.size() && std::equal(mark.begin(), mark.end(), chunk_.begin())) position_ = mark.size();
}

void CsvReader::skip_line_end(int character) {
  skip();
  if (character == '\r' && peek() == '\n') skip();
  ++line_;
}

Error CsvReader::at_line(std::uint64_t line, ErrorCode code, std::string_view what) const {
  return {code, fmt::format("{}:{}: {}", name_, line, what)};
}

std::optional<Error> CsvReader::append(int character) {
  if (character == 0) {
    return at_line(line_, ErrorCode::malformed, "a NUL byte; this is not UTF-8 text, export the log as CSV in UTF-8");
  }
  if (text_.size() - field_begin_ == csv_max_field_bytes) {
    return at_line(field_line_, ErrorCode::out_of_range,
                   "a field longer than 1 MiB begins here; is a closing quote missing?");
  }
  text_.push_back(static_cast<char>(character));
  return std::nullopt;
}

std::optional<Error> CsvReader::read_quoted_field() {
  skip();
  while (true) {
    const int character = peek();
    if (character == end_of_text) {
      if (read_error_) return std::nullopt;
      return at_line(field_line_, ErrorCode::truncated,
                     "the quoted field that begins here is never closed; add the closing quote");
    }
    skip();
    if (character == '"') {
      if (peek() != '"') break;
      skip();
    } else if (character == '\n' || (character == '\r' && peek() != '\n')) {
      ++line_;
    }
    if (auto error = append(character)) return error;
  }
  const int after = peek();
  if (after != ',' && after != end_of_text && !ends_line(after)) {
    return at_line(line_, ErrorCode::malformed,
                   "text follows a closing quote; double the quotes inside a quoted field");
  }
  return std::nullopt;
}

std::optional<Error> CsvReader::read_field() {
  field_begin_ = text_.size();
  field_line_ = line_;
  if (peek() == '"') return read_quoted_field();
  for (int character = peek(); character != end_of_text && character != ',' && !ends_line(character);
       character = peek()) {
    if (auto error = append(character)) return error;
    skip();
  }
  return std::nullopt;
}

Result<std::span<const std::string_view>> CsvReader::next_row() {
  text_.clear();
  field_ends_.clear();
  fields_.clear();
  while (ends_line(peek())) skip_line_end(peek());

  row_line_ = line_;
  if (peek() != end_of_text) {
    while (true) {
      if (auto error = read_field()) return std::move(*error);
      field_ends_.push_back(text_.size());
      if (field_ends_.size() > csv_max_columns) {
        return at_line(row_line_, ErrorCode::out_of_range, fmt::format("more than {} columns", csv_max_columns));
      }
      const int character = peek();
      if (character == ',') {
        skip();
        continue;
      }
      if (character != end_of_text) skip_line_end(character);
      break;
    }
  }
  if (read_error_) return at_line(line_, read_error_->code, read_error_->detail);

  std::size_t begin = 0;
  for (const std::size_t end : field_ends_) {
    fields_.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
  return std::span<const std::string_view>(fields_);
}

}  // namespace sotto::data
