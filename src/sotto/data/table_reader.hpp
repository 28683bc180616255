// Reads rows with named columns from text in any format of logs. Interactions and items share this reader.
#pragma once

#include <sotto/data/byte_source.hpp>
#include <sotto/data/delimiter.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

// csv, tsv: fields between commas or tabs, or between another delimiter. jsonl: one JSON object in each line. json:
// objects in an array or one after the other.
enum class TableFormat { csv, tsv, jsonl, json };

// "csv", "tsv", "jsonl", "json".
[[nodiscard]] std::string_view table_format_name(TableFormat format) noexcept;
[[nodiscard]] std::optional<TableFormat> parse_table_format(std::string_view name) noexcept;
// Decides by the extension before .gz, .zst or .zstd: .csv; .tsv, .tab; .jsonl, .ndjson; .json. Empty for any other
// extension.
[[nodiscard]] std::optional<TableFormat> format_of_file_name(const std::filesystem::path& file);

// The result of next().
enum class RowState {
  good,
  refused,  // not a row of this format; the reader continues with the next line
  end,
};

// What a text turned out to be, and which columns were taken for the wanted ones.
struct TableReading {
  TableFormat format = TableFormat::csv;
  Delimiter delimiter = ',';  // of csv and tsv
  bool has_header = true;
  bool is_utf16 = false;
};

class TableReader {
 public:
  virtual ~TableReader() = default;

  // An error concerns the text as a whole, and reading cannot continue after it. Its detail starts with the text's
  // name.
  [[nodiscard]] virtual Result<RowState> next() = 0;

  // For a good row: the values of the requested columns, in that order, "" for a missing value. Valid until next().
  [[nodiscard]] std::span<const std::string_view> values() const noexcept { return values_; }
  // For a refused row: the fault and its remedy, as a phrase.
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }
  // The line on which the last row began. The first line is 1.
  [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
  // False if no row can have a value in this column.
  [[nodiscard]] virtual bool may_have(std::size_t column) const = 0;
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  // The names of the requested columns in the text, in that order. A name is a number where the column was found by its
  // position.
  [[nodiscard]] std::span<const std::string> column_names() const noexcept { return column_names_; }
  // For each of them, the other columns of the text under one of its usual names (column_names.hpp).
  [[nodiscard]] std::span<const std::vector<std::string>> other_columns() const noexcept { return other_columns_; }
  [[nodiscard]] const TableReading& reading() const noexcept { return reading_; }
  void note_utf16(bool is_utf16) noexcept { reading_.is_utf16 = is_utf16; }

 protected:
  explicit TableReader(std::string name) : name_(std::move(name)) {}

  std::string name_;
  TableReading reading_;
  std::vector<std::string> column_names_;
  std::vector<std::vector<std::string>> other_columns_;
  std::vector<std::string_view> values_;
  std::string refusal_;
  std::uint64_t line_ = 0;
};

// A column by its name, by its position ("3") in a table of fields, or by its path in JSON objects ("user.id").
struct WantedColumn {
  std::string name;
  bool required = false;
  std::span<const std::string_view> other_names = {};  // taken where `name` is not there (column_names.hpp)
  std::string_view option = {};  // the option that names the column, for errors
  bool holds_time = false;
};

struct TableOptions {
  std::optional<TableFormat> format = {};  // none: by the beginning of the text
  std::optional<Delimiter> delimiter = {};  // none: that of the format, or by the beginning of the text
  bool no_header = false;  // the first row is data, whatever is in it
};

// `name` names the text in errors. What the options leave open is decided by the beginning of the text
// (table_layout.hpp). UTF-16 is converted. A text that is no table, such as a Parquet file, is an error that says what
// it is. If a header lacks a required column, the error names the columns that it has. JSON has no header, so each
// object is checked instead.
[[nodiscard]] Result<std::unique_ptr<TableReader>> open_table(std::unique_ptr<ByteSource> source, std::string name,
                                                              const TableOptions& options,
                                                              const std::vector<WantedColumn>& columns);

}  // namespace sotto::data
