// Cuts a JSON text into its objects: an array of objects, objects one after the other, or both.
#pragma once

#include <sotto/data/table_reader.hpp>
#include <sotto/data/text_buffer.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::data {

class JsonObjects {
 public:
  // `name` names the text in errors.
  JsonObjects(std::unique_ptr<ByteSource> source, std::string name)
      : text_(std::move(source)), name_(std::move(name)), next_(text_.begin()) {}

  // Commas, brackets and spaces between objects are skipped. Another text between them is refused up to its line's end.
  // An object longer than TextBuffer::max_row_bytes is an error.
  [[nodiscard]] Result<RowState> next();

  // The last object, from brace to brace; what is inside has not been checked. Valid until next().
  [[nodiscard]] std::string_view object() const noexcept { return object_; }
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }
  // The line on which the last object began. The first line is 1.
  [[nodiscard]] std::uint64_t line() const noexcept { return object_line_; }

 private:
  [[nodiscard]] bool skip_to_object();
  [[nodiscard]] Error error_here(ErrorCode code, std::string_view what) const;

  TextBuffer text_;
  std::string name_;
  const char* next_;  // behind the last object
  std::string_view object_;
  std::string refusal_;
  std::uint64_t line_ = 1;
  std::uint64_t object_line_ = 1;
};

}  // namespace sotto::data
