#include <sotto/data/column_names.hpp>
#include <sotto/data/csv_reader.hpp>
#include <sotto/data/json_table.hpp>
#include <sotto/data/other_file.hpp>
#include <sotto/data/read_ahead.hpp>
#include <sotto/data/table_layout.hpp>
#include <sotto/data/table_reader.hpp>
#include <sotto/data/text.hpp>
#include <sotto/data/text_encoding.hpp>
#include <sotto/data/timestamp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::size_t not_there = static_cast<std::size_t>(-1);

// The place that a column's position names, counted from 0.
std::optional<std::size_t> place_by_position(std::string_view name, std::size_t fields) noexcept {
  std::size_t position = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), position);
  if (failure != std::errc{} || end != name.data() + name.size() || position < 1 || position > fields)
    return std::nullopt;
  return position - 1;
}

bool is_time_of_our_days(std::string_view field) noexcept {
  const auto time = parse_time(field);
  return time && (!time->is_number || time->number.is_of_our_time(time->number.unit_by_size()));
}

// Reads fields between delimiters. The first row may name the columns.
class CsvTable final : public TableReader {
 public:
  CsvTable(std::unique_ptr<ByteSource> source, std::string name, TableFormat format, const TableLayout& layout)
      : TableReader(std::move(name)), reader_(std::move(source), name_, layout.delimiter) {
    reading_ = {.format = format, .delimiter = layout.delimiter, .has_header = layout.has_header};
  }

  Status open(const std::vector<WantedColumn>& columns, bool skips_first_line) {
    auto row = reader_.next();
    if (row && skips_first_line && *row != RowState::end) row = reader_.next();
    if (!row) return std::move(row).error();
    if (*row == RowState::end) {
      return Error{ErrorCode::truncated,
                   fmt::format("{}: the file is empty; expected a header row with the columns' names", name_)};
    }
    if (*row == RowState::refused)
      return Error{ErrorCode::malformed, fmt::format("{}:{}: {}", name_, reader_.line(), reader_.refusal())};
    fields_ = reader_.fields().size();
    first_row_is_data_ = !reading_.has_header;
    if (reading_.has_header) {
      if (auto checked = check_header(); !checked) return checked;
      names_ = plain_names(reader_.fields());
    }
    for (const WantedColumn& column : columns) {
      auto place = find(column);
      if (!place && reading_.has_header) return std::move(place).error();
      if (!place) return no_header(columns);
      places_.push_back(*place);
      const bool named = *place != not_there && *place < names_.size();
      column_names_.push_back(named ? names_[*place] : column.name);
      other_columns_.push_back(data::other_columns(names_, column, column_names_.back()));
    }
    values_.resize(columns.size());
    return Ok{};
  }

  Result<RowState> next() override {
    auto row = std::exchange(first_row_is_data_, false) ? Result<RowState>(RowState::good) : reader_.next();
    line_ = reader_.line();
    if (!row || *row == RowState::end) return row;
    if (*row == RowState::refused) {
      refusal_ = reader_.refusal();
      return RowState::refused;
    }
    const auto fields = reader_.fields();
    if (fields.size() != fields_) {
      refusal_ = fmt::format("the row has {} fields, the {} has {}", fields.size(),
                             reading_.has_header ? "header" : "first row", fields_);
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
        return Error{ErrorCode::malformed,
                     fmt::format("{}:{}: the header is not UTF-8 text; {}", name_, reader_.line(), utf8_advice)};
      }
      if (!name->empty() && std::find(names.begin(), name, *name) != name) {
        return Error{ErrorCode::malformed, fmt::format("{}:{}: there are two columns {}; rename or remove one", name_,
                                                       reader_.line(), in_quotes(*name))};
      }
    }
    return Ok{};
  }

  Result<std::size_t> find(const WantedColumn& column) const {
    const auto fields = reader_.fields();
    // The name as it is written, with its type.
    const auto written = reading_.has_header ? std::ranges::find(fields, column.name) : fields.end();
    if (written != fields.end()) return static_cast<std::size_t>(written - fields.begin());
    const auto exact = std::ranges::find(names_, column.name);
    if (exact != names_.end()) return static_cast<std::size_t>(exact - names_.begin());
    if (const auto place = place_by_position(column.name, fields_)) return *place;
    if (const auto place = find_column(names_, column)) return *place;
    if (!column.required) return not_there;
    return Error{ErrorCode::missing,
                 fmt::format("{}: no column {}; the file has {}: name the column to use{}, or add a header row", name_,
                             in_quotes(column.name), list_of_names(names_), by_option(column))};
  }

  // No row names the columns, and neither do the options. The error says what is likely: a field that is a time of our
  // days is the time, and the others are in the usual order.
  [[nodiscard]] Error no_header(const std::vector<WantedColumn>& columns) const {
    const std::vector<std::string> first(reader_.fields().begin(), reader_.fields().end());
    const auto time = static_cast<std::size_t>(std::ranges::find_if(first, is_time_of_our_days) - first.begin());
    std::string options;
    std::size_t next = 0;
    for (const WantedColumn& column : columns) {
      if (!column.required || column.option.empty()) continue;
      std::optional<std::size_t> place = place_by_position(column.name, fields_);
      if (!place && next == time) ++next;
      if (!place) place = column.holds_time ? time : next++;
      options += fmt::format(" {} {}", column.option, *place < first.size() ? std::to_string(*place + 1) : "N");
    }
    return {ErrorCode::missing,
            fmt::format("{}: no header row; the first row is {}: say in which column each is, counted from 1{}{}",
                        name_, list_of_names(first), options.empty() ? "" : ", such as", options)};
  }

  CsvReader reader_;
  std::size_t fields_ = 0;
  std::vector<std::string> names_;  // of the header
  std::vector<std::size_t> places_;  // places of the wanted columns among a row's fields
  bool first_row_is_data_ = false;  // and it is the reader's present row
};

// The start of a text that is about to be read.
struct Beginning {
  std::string text;
  bool whole = false;
};

// Sees what the source begins with. UTF-16 is converted. The source stands at its beginning again.
Result<Beginning> look_at(std::unique_ptr<ByteSource>& source, const std::string& name, bool& is_utf16) {
  ReadAhead input(std::move(source));
  if (auto filled = input.fill(ReadAhead::capacity); !filled) return std::move(filled).error();
  if (const auto order = find_utf16(input.available())) {
    is_utf16 = true;
    input = ReadAhead(utf16_source(std::move(input), *order));
    if (auto filled = input.fill(ReadAhead::capacity); !filled) return std::move(filled).error();
  }
  const auto bytes = input.available();
  if (const auto other = describe_other_file(bytes, name)) return Error{ErrorCode::unsupported, *other};
  Beginning beginning{.text = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                      .whole = input.complete()};
  if (beginning.text.starts_with("\xEF\xBB\xBF")) beginning.text.erase(0, 3);
  source = plain_source(std::move(input));
  return beginning;
}

// JSON Lines if the first line has a whole object, else JSON.
TableFormat json_format(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size() && text[i] != '\n'; ++i) {
    if (in_string) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        in_string = false;
    } else if (text[i] == '"') {
      in_string = true;
    } else if (text[i] == '{' || text[i] == '[') {
      ++depth;
    } else if ((text[i] == '}' || text[i] == ']') && --depth == 0) {
      return TableFormat::jsonl;
    }
  }
  return text.find('\n') == std::string_view::npos ? TableFormat::jsonl : TableFormat::json;
}

TableFormat find_format(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with('{')) return json_format(text);
  if (text.starts_with('[')) return TableFormat::json;
  return TableFormat::csv;
}

}  // namespace

std::string_view table_format_name(TableFormat format) noexcept {
  switch (format) {
    case TableFormat::csv: return "csv";
    case TableFormat::tsv: return "tsv";
    case TableFormat::jsonl: return "jsonl";
    case TableFormat::json: return "json";
  }
  return "";
}

std::optional<TableFormat> parse_table_format(std::string_view name) noexcept {
  for (const TableFormat format : {TableFormat::csv, TableFormat::tsv, TableFormat::jsonl, TableFormat::json}) {
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
  if (extension == ".json") return TableFormat::json;
  return std::nullopt;
}

Result<std::unique_ptr<TableReader>> open_table(std::unique_ptr<ByteSource> source, std::string name,
                                                const TableOptions& options, const std::vector<WantedColumn>& columns) {
  bool is_utf16 = false;
  const auto beginning = look_at(source, name, is_utf16);
  if (!beginning) return Error{beginning.error().code, fmt::format("{}: {}", name, beginning.error().detail)};
  const bool has_fields = options.delimiter || options.no_header;
  const TableFormat format = options.format ? *options.format
                             : has_fields   ? TableFormat::csv
                                            : find_format(beginning->text);
  if (format == TableFormat::jsonl || format == TableFormat::json) {
    std::vector<std::string> fields = json_fields(beginning->text);
    std::vector<WantedColumn> paths = columns;
    for (WantedColumn& path : paths) {
      if (const auto place = find_column(fields, path)) path.name = fields[*place];
    }
    auto table = JsonTable::open(std::move(source), std::move(name), format, paths, std::move(fields));
    if (table) (*table)->note_utf16(is_utf16);
    return table;
  }
  std::optional<Delimiter> delimiter = options.delimiter;
  if (!delimiter && options.format) delimiter = *options.format == TableFormat::tsv ? '\t' : ',';
  TableLayout layout = find_layout(beginning->text, beginning->whole, delimiter, columns);
  if (options.no_header) layout.has_header = false;
  const TableFormat by_delimiter = layout.delimiter == Delimiter('\t') ? TableFormat::tsv : TableFormat::csv;
  auto table = std::make_unique<CsvTable>(std::move(source), std::move(name), by_delimiter, layout);
  if (auto opened = table->open(columns, layout.names_delimiter); !opened) return std::move(opened).error();
  table->note_utf16(is_utf16);
  return std::unique_ptr<TableReader>(std::move(table));
}

}  // namespace sotto::data
