// A window on a text that is read row by row. Each row is contiguous, whatever pieces the source gives.
#pragma once

#include <sotto/data/byte_source.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace sotto::data {

class TextBuffer {
 public:
  // The maximum length of a contiguous row, in bytes.
  static constexpr std::size_t max_row_bytes = std::size_t{1} << 24;

  // Skips a UTF-8 byte order mark.
  explicit TextBuffer(std::unique_ptr<ByteSource> source);

  // The text that is available and not yet taken. *end() may be read and is a line feed.
  [[nodiscard]] const char* begin() const noexcept { return text_.data() + begin_; }
  [[nodiscard]] const char* end() const noexcept { return text_.data() + end_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  // True if no text follows end().
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  // True if no more contiguous text fits.
  [[nodiscard]] bool full() const noexcept { return end_ - begin_ >= max_row_bytes; }

  // The same place in writable form. Precondition: begin() <= `at` < end().
  [[nodiscard]] char* writable(const char* at) noexcept { return text_.data() + (at - text_.data()); }

  // Precondition: begin() <= `to` <= end().
  void take_up_to(const char* to) noexcept { begin_ = static_cast<std::size_t>(to - text_.data()); }
  // Appends more text. begin() and end() change. Precondition: neither complete() nor full().
  void read_more();
  // Takes the rest of the line, including its end.
  void skip_line();

  // The reason why the source could not be read. complete() is then true.
  [[nodiscard]] const std::optional<Error>& read_error() const noexcept { return read_error_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<char> text_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool complete_ = false;
  std::optional<Error> read_error_;
};

}  // namespace sotto::data
