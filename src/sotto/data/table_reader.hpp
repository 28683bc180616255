// Rows with named columns from a text of any of the formats that logs come in: one reader of rows for
// interactions and for items.
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
// From the extension under .gz, .zst or .zstd: .csv; .tsv, .tab; .jsonl, .ndjson. Empty for any other.
[[nodiscard]] std::optional<TableFormat> format_of_file_name(const std::filesystem::path& file);

// What next() came upon.
enum class RowState {
  good,
  refused,  // not a row of this format; the reader goes on with the next line
  end,
};

class TableReader {
 public:
  virtual ~TableReader() = default;

  // Errors are those of the text as a whole, after which reading cannot go on; their details start with the
  // text's name.
  [[nodiscard]] virtual Result<RowState> next() = 0;

  // Of a good row: the values of the columns asked for, in that order, "" where there is none. Valid until next().
  [[nodiscard]] std::span<const std::string_view> values() const noexcept { return values_; }
  // Of a refused row: what is wrong with it and what to do, as a phrase.
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }
  // The line, from 1, on which the last row began.
  [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
  // False when no row can have a value in this column.
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

// `name` stands for the text in errors; without a format it is told from the text's beginning: `{` begins JSONL, a
// first line with more tabs than commas TSV. Required columns that a header lacks are an error that names those that
// there are; JSONL has no header, so there the rows will lack them.
[[nodiscard]] Result<std::unique_ptr<TableReader>> open_table(std::unique_ptr<ByteSource> source, std::string name,
                                                              std::optional<TableFormat> format,
                                                              const std::vector<WantedColumn>& columns);

}  // namespace sotto::data
