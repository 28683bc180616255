// Reads rows with named columns from text in any format of logs. Interactions and items share this reader.
#pragma once

#include <sotto/data/byte_source.hpp>

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

// csv, tsv: a header row, then fields between commas or tabs. jsonl: one JSON object in each line.
enum class TableFormat { csv, tsv, jsonl };

// "csv", "tsv", "jsonl".
[[nodiscard]] std::string_view table_format_name(TableFormat format) noexcept;
[[nodiscard]] std::optional<TableFormat> parse_table_format(std::string_view name) noexcept;
// Decides by the extension before .gz, .zst or .zstd: .csv; .tsv, .tab; .jsonl, .ndjson. Empty for any other extension.
[[nodiscard]] std::optional<TableFormat> format_of_file_name(const std::filesystem::path& file);

// The result of next().
enum class RowState {
  good,
  refused,  // not a row of this format; the reader continues with the next line
  end,
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

 protected:
  explicit TableReader(std::string name) : name_(std::move(name)) {}

  std::string name_;
  std::vector<std::string_view> values_;
  std::string refusal_;
  std::uint64_t line_ = 0;
};

struct WantedColumn {
  std::string name;
  bool required = false;
};

// `name` names the text in errors. Without a format, the beginning of the text decides: `{` begins JSONL, and a first
// line with more tabs than commas is TSV. If a header lacks a required column, the error names the columns that it has.
// JSONL has no header, so each row is checked instead.
[[nodiscard]] Result<std::unique_ptr<TableReader>> open_table(std::unique_ptr<ByteSource> source, std::string name,
                                                              std::optional<TableFormat> format,
                                                              const std::vector<WantedColumn>& columns);

}  // namespace sotto::data
