#include <sotto/data/csv_reader.hpp>

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace sotto::data {
namespace {

// Replaces the doubled quotes of a quoted field in place.
std::string_view unescape(std::string_view field, char* text) noexcept {
  std::size_t length = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    text[length++] = field[i];
    if (field[i] == '"') ++i;
  }
  return {text, length};
}

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, std::string name, Delimiter delimiter)
    : name_(std::move(name)), text_(std::move(source)), delimiter_(delimiter) {
  for (const char c : {delimiter.text().front(), '\n', '\r'}) ends_field_[static_cast<unsigned char>(c)] = true;
  if (delimiter.is_run_of_spaces()) ends_field_[static_cast<unsigned char>('\t')] = true;
}

Error CsvReader::error_here(ErrorCode code, std::string_view what) const {
  return {code, fmt::format("{}:{}: {}", name_, row_line_, what)};
}

CsvReader::Scan CsvReader::refuse(std::string_view reason) {
  refusal_ = reason;
  return Scan::refused;
}

void CsvReader::skip_empty_lines() {
  while (true) {
    while (!text_.empty() && (*text_.begin() == '\n' || *text_.begin() == '\r')) {
      text_.skip_line();
      ++line_;
    }
    if (!text_.empty() || text_.complete()) return;
    text_.read_more();
  }
}

// Whether the delimiter stands at `at`, which has its first character.
CsvReader::Match CsvReader::delimiter_at(const char* at) const noexcept {
  const std::string_view text = delimiter_.text();
  if (text.size() == 1) return Match::yes;
  const std::string_view left(at, static_cast<std::size_t>(text_.end() - at));
  if (left.starts_with(text)) return Match::yes;
  return !text_.complete() && text.starts_with(left) ? Match::incomplete : Match::no;
}

// Moves `at` to the end of an unquoted field: a delimiter or a line end.
CsvReader::Match CsvReader::find_field_end(const char*& at) const noexcept {
  while (true) {
    while (!ends_field_[static_cast<unsigned char>(*at)]) ++at;  // *end() is a line feed
    if (delimiter_.text().size() == 1 || at == text_.end() || *at == '\n' || *at == '\r') return Match::yes;
    if (const Match match = delimiter_at(at); match != Match::no) return match;
    ++at;
  }
}

const char* CsvReader::skip_spaces(const char* at) const noexcept {
  while (at != text_.end() && (*at == ' ' || *at == '\t')) ++at;
  return at;
}

// Scans from the opening quote to the place after the closing one.
CsvReader::Scan CsvReader::scan_quoted_field(const char*& at) {
  const char* const begin = ++at;
  bool has_escapes = false;
  while (true) {
    const auto left = static_cast<std::size_t>(text_.end() - at);
    const auto* quote = left == 0 ? nullptr : static_cast<const char*>(std::memchr(at, '"', left));
    const char* const stop = quote == nullptr ? text_.end() : quote;
    if (static_cast<std::size_t>(stop - begin) > csv_max_field_bytes) {
      return refuse("a field longer than 1 MiB begins here; is a closing quote missing?");
    }
    // A quote at the end of the text may also be the first half of a doubled one.
    if (!text_.complete() && (quote == nullptr || quote + 1 == text_.end())) return Scan::incomplete;
    for (; at != stop; ++at) {
      if (*at == '\n' || (*at == '\r' && at[1] != '\n')) ++lines_in_row_;
    }
    if (quote == nullptr) return refuse("the quoted field that begins here is never closed; add the closing quote");
    ++at;
    if (at == text_.end() || *at != '"') break;
    has_escapes = true;
    ++at;
  }
  if (has_escapes) escaped_.push_back(fields_.size());
  fields_.emplace_back(begin, static_cast<std::size_t>(at - 1 - begin));
  if (at == text_.end() || *at == '\n' || *at == '\r') return Scan::row;
  const bool may_be_delimiter = ends_field_[static_cast<unsigned char>(*at)];
  const Match match = may_be_delimiter ? delimiter_at(at) : Match::no;
  if (match == Match::incomplete) return Scan::incomplete;
  if (match == Match::no) {
    return refuse("text follows a closing quote; double the quotes inside a quoted field");
  }
  return Scan::row;
}

// Finds the fields of the row at the buffer's front. Returns "incomplete" if the buffer ends before the row does.
CsvReader::Scan CsvReader::scan_row() {
  fields_.clear();
  escaped_.clear();
  lines_in_row_ = 1;
  const char* at = delimiter_.is_run_of_spaces() ? skip_spaces(text_.begin()) : text_.begin();
  while (true) {
    if (at != text_.end() && *at == '"') {
      if (const Scan scan = scan_quoted_field(at); scan != Scan::row) return scan;
    } else {
      const char* const begin = at;
      if (find_field_end(at) == Match::incomplete) return Scan::incomplete;
      if (static_cast<std::size_t>(at - begin) > csv_max_field_bytes)
        return refuse("a field longer than 1 MiB begins here; is a closing quote missing?");
      fields_.emplace_back(begin, static_cast<std::size_t>(at - begin));
    }
    if (at == text_.end()) {
      if (!text_.complete()) return Scan::incomplete;
      break;
    }
    if (fields_.size() > csv_max_columns) return Scan::not_csv;
    if (*at == '\n' || *at == '\r') break;
    if (!delimiter_.is_run_of_spaces()) {
      at += delimiter_.text().size();
      continue;
    }
    at = skip_spaces(at);
    if (at == text_.end() && !text_.complete()) return Scan::incomplete;
    if (at == text_.end() || *at == '\n' || *at == '\r') break;
  }
  if (at != text_.end()) {
    const bool carriage_return = *at == '\r';
    ++at;
    if (carriage_return && at == text_.end() && !text_.complete()) return Scan::incomplete;
    if (carriage_return && at != text_.end() && *at == '\n') ++at;
  }
  row_end_ = at;
  return Scan::row;
}

Result<RowState> CsvReader::next() {
  skip_empty_lines();
  row_line_ = line_;
  if (text_.empty()) {
    if (text_.read_error()) return error_here(text_.read_error()->code, text_.read_error()->detail);
    return RowState::end;
  }
  Scan scan = scan_row();
  while (scan == Scan::incomplete && !text_.full()) {
    text_.read_more();
    scan = scan_row();
  }
  // A row in which the text breaks off is lost.
  if (text_.read_error() && scan != Scan::row) return error_here(text_.read_error()->code, text_.read_error()->detail);
  if (scan == Scan::not_csv || fields_.size() > csv_max_columns)
    return error_here(ErrorCode::out_of_range, fmt::format("more than {} columns", csv_max_columns));
  if (scan == Scan::incomplete) scan = refuse("a row longer than 16 MiB begins here; is a closing quote missing?");
  if (scan == Scan::refused) {
    text_.skip_line();
    ++line_;
    return RowState::refused;
  }
  for (const std::size_t field : escaped_) {
    const std::string_view raw = fields_[field];
    fields_[field] = unescape(raw, text_.writable(raw.data()));
  }
  text_.take_up_to(row_end_);
  line_ += lines_in_row_;
  return RowState::good;
}

}  // namespace sotto::data
