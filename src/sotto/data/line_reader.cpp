#include <sotto/data/line_reader.hpp>

#include <fmt/format.h>

#include <cstring>

namespace sotto::data {

Result<LineReader::Line> LineReader::next() {
  text_.take_up_to(next_);
  if (text_.empty() && !text_.complete()) text_.read_more();
  const auto find_end = [this] {
    return static_cast<const char*>(
        std::memchr(text_.begin(), '\n', static_cast<std::size_t>(text_.end() - text_.begin()) + 1));
  };
  const auto source_error = [this](std::uint64_t line) {
    return Error{text_.read_error()->code, fmt::format("{}:{}: {}", name_, line, text_.read_error()->detail)};
  };
  next_ = text_.begin();
  line_ = {};
  if (text_.empty()) {
    if (text_.read_error()) return source_error(number_ + 1);
    return Line::end;
  }
  const char* line_end = find_end();
  while (line_end == text_.end() && !text_.complete() && !text_.full()) {
    text_.read_more();
    line_end = find_end();
  }
  ++number_;
  if (line_end == text_.end() && !text_.complete()) {
    text_.skip_line();
    next_ = text_.begin();
    return Line::too_long;
  }
  if (line_end == text_.end() && text_.read_error()) {
    next_ = text_.begin();
    return source_error(number_);
  }
  line_ = {text_.begin(), static_cast<std::size_t>(line_end - text_.begin())};
  next_ = line_end == text_.end() ? line_end : line_end + 1;
  return Line::whole;
}

}  // namespace sotto::data
