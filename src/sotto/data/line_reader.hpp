// Reads a text line by line. Each line is contiguous, whatever pieces the source gives.
#pragma once

#include <sotto/data/text_buffer.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::data {

class LineReader {
 public:
  enum class Line {
    whole,
    too_long,  // longer than TextBuffer::max_row_bytes: skipped
    end,
  };

  // `name` names the text in errors.
  LineReader(std::unique_ptr<ByteSource> source, std::string name)
      : text_(std::move(source)), name_(std::move(name)), next_(text_.begin()) {}

  // An error is the source's, and reading cannot continue after it.
  [[nodiscard]] Result<Line> next();

  // The last whole line, without its line feed. Valid until next().
  [[nodiscard]] std::string_view line() const noexcept { return line_; }
  // The number of the last line. The first one is 1.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  TextBuffer text_;
  std::string name_;
  const char* next_;  // begin of the line after the last one
  std::string_view line_;
  std::uint64_t number_ = 0;
};

}  // namespace sotto::data
