// Reads fields between delimiters by RFC 4180. Quoted fields may contain delimiters, quotes and line breaks. Lines end
// with LF, CRLF or CR. Empty lines are skipped. A quote inside an unquoted field is an ordinary character. With runs of
// spaces between fields, spaces at both ends of a row are no fields.
#pragma once

#include <sotto/data/delimiter.hpp>
#include <sotto/data/table_reader.hpp>
#include <sotto/data/text_buffer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

inline constexpr std::size_t csv_max_field_bytes = std::size_t{1} << 20;
inline constexpr std::size_t csv_max_columns = 4096;

// Reads row by row in bounded memory. It refuses a row that breaks the rules and continues with the line after the
// row's first line. An unclosed quote therefore costs one row, not the rest of the log.
class CsvReader {
 public:
  // `name` names the text in errors.
  CsvReader(std::unique_ptr<ByteSource> source, std::string name, Delimiter delimiter = ',');

  [[nodiscard]] Result<RowState> next();

  // The fields of a good row. Valid until next().
  [[nodiscard]] std::span<const std::string_view> fields() const noexcept { return fields_; }
  // For a refused row: the fault, as a phrase.
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }
  // The line on which the last row began. The first line is 1.
  [[nodiscard]] std::uint64_t line() const noexcept { return row_line_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  enum class Scan { row, incomplete, refused, not_csv };
  enum class Match { yes, no, incomplete };

  [[nodiscard]] Scan scan_row();
  [[nodiscard]] Scan scan_quoted_field(const char*& at);
  [[nodiscard]] Match delimiter_at(const char* at) const noexcept;
  [[nodiscard]] Match find_field_end(const char*& at) const noexcept;
  [[nodiscard]] const char* skip_spaces(const char* at) const noexcept;
  [[nodiscard]] Scan refuse(std::string_view reason);
  void skip_empty_lines();
  [[nodiscard]] Error error_here(ErrorCode code, std::string_view what) const;

  std::string name_;
  TextBuffer text_;
  Delimiter delimiter_;
  std::array<bool, 256> ends_field_{};
  std::uint64_t line_ = 1;  // line at which text_ begins
  std::uint64_t row_line_ = 1;
  std::uint64_t lines_in_row_ = 0;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> escaped_;  // fields with doubled quotes
  const char* row_end_ = nullptr;  // behind the row's line end
  std::string refusal_;
};

}  // namespace sotto::data
