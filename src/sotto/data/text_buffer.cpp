#include <sotto/data/text_buffer.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::size_t first_size = std::size_t{1} << 18;

bool is_line_end(char c) noexcept { return c == '\n' || c == '\r'; }

}  // namespace

TextBuffer::TextBuffer(std::unique_ptr<ByteSource> source) : source_(std::move(source)), text_(first_size + 1) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  read_more();
  if (std::string_view(begin(), end_).starts_with(byte_order_mark)) begin_ = byte_order_mark.size();
}

void TextBuffer::read_more() {
  const std::size_t kept = end_ - begin_;
  std::memmove(text_.data(), begin(), kept);
  begin_ = 0;
  end_ = kept;
  if (2 * kept > text_.size()) text_.resize(std::min(2 * text_.size(), 2 * max_row_bytes) + 1);
  // The buffer is filled completely. A reader that starts its row again does so once, not for every small piece.
  while (end_ + 1 < text_.size()) {
    auto got = source_->read(std::as_writable_bytes(std::span(text_).subspan(end_, text_.size() - 1 - end_)));
    if (!got) read_error_ = std::move(got).error();
    if (read_error_ || *got == 0) {
      complete_ = true;
      break;
    }
    end_ += *got;
  }
  text_[end_] = '\n';
}

void TextBuffer::skip_line() {
  while (true) {
    const char* at = std::find_if(begin(), end(), is_line_end);
    take_up_to(at);
    if (!empty()) break;
    if (complete_) return;
    read_more();
  }
  const bool carriage_return = *begin() == '\r';
  take_up_to(begin() + 1);
  if (!carriage_return) return;
  if (empty() && !complete_) read_more();
  if (!empty() && *begin() == '\n') take_up_to(begin() + 1);
}

}  // namespace sotto::data
