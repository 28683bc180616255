#include <sotto/data/csv_reader.hpp>
#include <sotto/data/jsonl_reader.hpp>
#include <sotto/data/read_ahead.hpp>
#include <sotto/data/table_reader.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::size_t not_there = static_cast<std::size_t>(-1);

// Reads a CSV or TSV whose first row names the columns.
class CsvTable final : public TableReader {
 public:
  CsvTable(std::unique_ptr<ByteSource> source, std::string name, char delimiter)
      : TableReader(std::move(name)), reader_(std::move(source), name_, delimiter) {}

  Status read_header(const std::vector<WantedColumn>& columns) {
    auto row = reader_.next();
    if (!row) return std::move(row).error();
    if (*row == RowState::end) {
      return Error{ErrorCode::truncated,
                   fmt::format("{}: the file is empty; expected a header row with the columns' names", name_)};
    }
    if (*row == RowState::refused)
      return Error{ErrorCode::malformed, fmt::format("{}:{}: {}", name_, reader_.line(), reader_.refusal())};
    if (auto checked = check_header(); !checked) return checked;
    fields_ = reader_.fields().size();
    for (const WantedColumn& column : columns) {
      auto place = find(column);
      if (!place) return std::move(place).error();
      places_.push_back(*place);
    }
    values_.resize(columns.size());
    return Ok{};
  }

  Result<RowState> next() override {
    auto row = reader_.next();
    line_ = reader_.line();
    if (!row || *row == RowState::end) return row;
    if (*row == RowState::refused) {
      refusal_ = reader_.refusal();
      return RowState::refused;
    }
    const auto fields = reader_.fields();
    if (fields.size() != fields_) {
      refusal_ = fmt::format("the row has {} fields, the header has {}", fields.size(), fields_);
      return RowState::refused;
    }
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (places_[i] != not_there) values_[i] = fields[places_[i]];
    }
    return RowState::good;
  }

  [[nodiscard]] bool may_have(std::size_t column) const override { return places_[column] != not_there; }

 private:
  Status check_header() const {
    const auto names = reader_.fields();
    for (auto name = names.begin(); name != names.end(); ++name) {
      if (!is_utf8(*name) || name->find('\0') != std::string_view::npos) {
        return Error{ErrorCode::malformed, fmt::format("{}:{}: the header is not UTF-8 text; export the log in UTF-8",
                                                       name_, reader_.line())};
      }
      if (std::find(names.begin(), name, *name) != name) {
        return Error{ErrorCode::malformed, fmt::format("{}:{}: there are two columns {}; rename or remove one", name_,
                                                       reader_.line(), in_quotes(*name))};
      }
    }
    return Ok{};
  }

  Result<std::size_t> find(const WantedColumn& column) const {
    const auto names = reader_.fields();
    const auto found = std::ranges::find(names, column.name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    if (!column.required) return not_there;
    constexpr std::size_t max_listed = 20;
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), max_listed); ++i) {
      list += (i == 0 ? "" : ", ") + in_quotes(names[i]);
    }
    if (names.size() > max_listed) list += fmt::format(" and {} more", names.size() - max_listed);
    return Error{ErrorCode::missing, fmt::format("{}: no column {}; the file has {}: name the column to use, or add a "
                                                 "header row",
                                                 name_, in_quotes(column.name), list)};
  }

  CsvReader reader_;
  std::size_t fields_ = 0;
  std::vector<std::size_t> places_;  // places of the wanted columns among a row's fields
};

Result<TableFormat> format_by_beginning(ReadAhead& input) {
  if (auto filled = input.fill(ReadAhead::capacity); !filled) return std::move(filled).error();
  const auto bytes = input.available();
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with('{')) return TableFormat::jsonl;
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  return std::ranges::count(line, '\t') > std::ranges::count(line, ',') ? TableFormat::tsv : TableFormat::csv;
}

}  // namespace

std::string_view table_format_name(TableFormat format) noexcept {
  switch (format) {
    case TableFormat::csv: return "csv";
    case TableFormat::tsv: return "tsv";
    case TableFormat::jsonl: return "jsonl";
  }
  return "";
}

std::optional<TableFormat> parse_table_format(std::string_view name) noexcept {
  for (const TableFormat format : {TableFormat::csv, TableFormat::tsv, TableFormat::jsonl}) {
    if (name == table_format_name(format)) return format;
  }
  return std::nullopt;
}

std::optional<TableFormat> format_of_file_name(const std::filesystem::path& file) {
  std::filesystem::path name = file.filename();
  for (const char* compressed : {".gz", ".zst", ".zstd"}) {
    if (name.extension() != compressed) continue;
    name = name.stem();
    break;
  }
  const std::string extension = name.extension().string();
  if (extension == ".csv") return TableFormat::csv;
  if (extension == ".tsv" || extension == ".tab") return TableFormat::tsv;
  if (extension == ".jsonl" || extension == ".ndjson") return TableFormat::jsonl;
  return std::nullopt;
}

Result<std::unique_ptr<TableReader>> open_table(std::unique_ptr<ByteSource> source, std::string name,
                                                std::optional<TableFormat> format,
                                                const std::vector<WantedColumn>& columns) {
  if (!format) {
    ReadAhead input(std::move(source));
    auto guess = format_by_beginning(input);
    if (!guess) return Error{guess.error().code, fmt::format("{}: {}", name, guess.error().detail)};
    format = *guess;
    source = plain_source(std::move(input));
  }
  if (*format == TableFormat::jsonl)
    return std::unique_ptr<TableReader>(std::make_unique<JsonlTable>(std::move(source), std::move(name), columns));
  auto table = std::make_unique<CsvTable>(std::move(source), std::move(name), *format == TableFormat::tsv ? '\t' : ',');
  if (auto header = table->read_header(columns); !header) return std::move(header).error();
  return std::unique_ptr<TableReader>(std::move(table));
}

}  // namespace sotto::data
