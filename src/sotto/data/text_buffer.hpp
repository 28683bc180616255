// A window on a text that is read row by row: the rows lie in one piece, whatever pieces the source gives.
#pragma once

#include <sotto/data/byte_source.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace sotto::data {

class TextBuffer {
 public:
  // The longest row that is held in one piece, in bytes.
  static constexpr std::size_t max_row_bytes = std::size_t{1} << 24;

  // Passes over a UTF-8 byte order mark.
  explicit TextBuffer(std::unique_ptr<ByteSource> source);

  // What is there and not yet taken. *end() may be read, it is a line feed.
  [[nodiscard]] const char* begin() const noexcept { return text_.data() + begin_; }
  [[nodiscard]] const char* end() const noexcept { return text_.data() + end_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  // Nothing comes after end().
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  // No more can be had in one piece.
  [[nodiscard]] bool full() const noexcept { return end_ - begin_ >= max_row_bytes; }

  // The same place, to be changed. Precondition: begin() <= `at` < end().
  [[nodiscard]] char* writable(const char* at) noexcept { return text_.data() + (at - text_.data()); }

  // Precondition: begin() <= `to` <= end().
  void take_up_to(const char* to) noexcept { begin_ = static_cast<std::size_t>(to - text_.data()); }
  // Gets more text behind what is there; begin() and end() move. Precondition: neither complete() nor full().
  void read_more();
  // Takes the rest of the line, its end included.
  void skip_line();

  // Why the source could not be read; complete() is then true.
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
