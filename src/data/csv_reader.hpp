// Comma-separated values after RFC 4180: quoted fields with commas, quotes and line breaks in them; lines
// end with LF, CRLF or CR; a UTF-8 byte order mark is passed over, empty lines too. A quote inside an
// unquoted field is an ordinary character.
#pragma once

#include <sotto/data/byte_source.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

inline constexpr std::size_t csv_max_field_bytes = std::size_t{1} << 20;
inline constexpr std::size_t csv_max_columns = 4096;

// Reads row by row in bounded memory. Errors are those of the text as a whole, after which reading cannot
// go on; their details start with the file's name and the line.
class CsvReader {
 public:
  // `name` stands for the file in errors. The source must outlive the reader.
  CsvReader(ByteSource& source, std::string name);

  // The next row's fields, valid until the next call; empty at the end.
  [[nodiscard]] Result<std::span<const std::string_view>> next_row();

  // The line, from 1, on which the last row began.
  [[nodiscard]] std::uint64_t line() const noexcept { return row_line_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  static constexpr int end_of_text = -1;

  [[nodiscard]] int peek();
  void skip() noexcept { ++position_; }
  void skip_byte_order_mark();
  void skip_line_end(int character);
  [[nodiscard]] std::optional<Error> read_field();
  [[nodiscard]] std::optional<Error> read_quoted_field();
  [[nodiscard]] std::optional<Error> append(int character);
  [[nodiscard]] Error at_line(std::uint64_t line, ErrorCode code, std::string_view what) const;

  ByteSource& source_;
  std::string name_;
  std::vector<std::byte> chunk_;
  std::size_t position_ = 0;
  std::size_t chunk_end_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t row_line_ = 1;
  std::string text_;                     // the row's fields, one after the other
  std::vector<std::size_t> field_ends_;  // in text_
  std::size_t field_begin_ = 0;          // in text_
  std::uint64_t field_line_ = 1;
  std::vector<std::string_view> fields_;
  std::optional<Error> read_error_;
};

}  // namespace sotto::data
