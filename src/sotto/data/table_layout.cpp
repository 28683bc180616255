#include <sotto/data/column_names.hpp>
#include <sotto/data/csv_reader.hpp>
#include <sotto/data/table_layout.hpp>
#include <sotto/data/timestamp.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>

namespace sotto::data {
namespace {

// How a delimiter splits the first rows of a text.
struct Trial {
  Delimiter delimiter = ',';
  std::vector<std::string> first_row;
  std::size_t rows = 0;
  std::size_t rows_as_first = 0;  // with as many fields as the first one
  std::size_t named_columns = 0;  // required columns that the first row names

  [[nodiscard]] bool splits() const noexcept { return first_row.size() > 1; }
  [[nodiscard]] bool is_regular() const noexcept { return splits() && rows_as_first * 10 >= rows * 9; }
};

// A number says a column's position, so that it is no evidence for a header.
bool is_position(const WantedColumn& column) noexcept {
  return column.name.find_first_not_of("0123456789") == std::string::npos;
}

std::size_t count_named(const std::vector<std::string>& row, const std::vector<WantedColumn>& columns) {
  const std::vector<std::string_view> fields(row.begin(), row.end());
  const std::vector<std::string> names = plain_names(fields);
  return static_cast<std::size_t>(std::ranges::count_if(columns, [&](const WantedColumn& column) {
    return !is_position(column) && find_column(names, column).has_value();
  }));
}

Trial try_delimiter(std::string_view text, bool whole, Delimiter delimiter, const std::vector<WantedColumn>& columns) {
  constexpr std::size_t max_rows = 100;
  Trial trial;
  trial.delimiter = delimiter;
  CsvReader reader(memory_source(std::as_bytes(std::span(text))), "", delimiter);
  while (trial.rows < max_rows) {
    const auto state = reader.next();
    if (!state || *state == RowState::end) break;
    if (*state == RowState::refused) continue;
    const auto fields = reader.fields();
    if (trial.rows == 0) trial.first_row.assign(fields.begin(), fields.end());
    ++trial.rows;
    if (fields.size() == trial.first_row.size()) ++trial.rows_as_first;
  }
  // The last row may be cut off.
  if (!whole && trial.rows > 1 && trial.rows < max_rows && trial.rows_as_first < trial.rows) --trial.rows;
  trial.named_columns = count_named(trial.first_row, columns);
  return trial;
}

// Two colons as often in every row are no accident, while single characters also separate parts of a field, such as
// genres. Three fields are what a log needs.
bool is_surer(const Trial& a, const Trial& b) noexcept {
  constexpr std::size_t enough_fields = 3;
  return a.delimiter.text().size() > 1 && b.delimiter.text().size() == 1 && a.is_regular() &&
         a.first_row.size() >= std::min(b.first_row.size(), enough_fields);
}

bool is_better(const Trial& a, const Trial& b) noexcept {
  if (a.splits() != b.splits()) return a.splits();
  if (a.named_columns != b.named_columns) return a.named_columns > b.named_columns;
  if (a.is_regular() != b.is_regular()) return a.is_regular();
  if (const bool a_is_sure = is_surer(a, b); a_is_sure || is_surer(b, a)) return a_is_sure;
  return a.first_row.size() > b.first_row.size();
}

Trial find_delimiter(std::string_view text, bool whole, const std::vector<WantedColumn>& columns) {
  static constexpr auto candidates = std::to_array<std::string_view>({",", "\t", ";", "|", "::"});
  Trial best;
  for (const std::string_view candidate : candidates) {
    Trial trial = try_delimiter(text, whole, Delimiter::parse(candidate).value_or(','), columns);
    if (best.rows == 0 || is_better(trial, best)) best = std::move(trial);
  }
  // Spaces are also inside of fields, such as times and titles: they come last.
  if (best.named_columns == columns.size()) return best;
  Trial spaces = try_delimiter(text, whole, Delimiter::run_of_spaces(), columns);
  if (best.is_regular() || best.named_columns > 0) return spaces.named_columns > best.named_columns ? spaces : best;
  return spaces.is_regular() ? spaces : best;
}

bool looks_like_data(std::string_view field) noexcept {
  if (field.empty()) return false;
  double number = 0;
  const auto [end, failure] = std::from_chars(field.data(), field.data() + field.size(), number);
  const bool is_number = failure == std::errc{} && end == field.data() + field.size() &&
                         field.find_first_of("0123456789") != std::string_view::npos;
  return is_number || parse_time(field).has_value();
}

// The delimiter in a line "sep=;", which Excel writes, and the rest of the text.
std::optional<Delimiter> take_named_delimiter(std::string_view& text) noexcept {
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const std::size_t length = line.size();
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (!line.starts_with("sep=")) return std::nullopt;
  const auto named = Delimiter::parse(line.substr(4));
  if (named) text.remove_prefix(length);
  return named;
}

}  // namespace

TableLayout find_layout(std::string_view beginning, bool whole, std::optional<Delimiter> given,
                        const std::vector<WantedColumn>& columns) {
  TableLayout layout;
  std::vector<WantedColumn> required;
  std::ranges::copy_if(columns, std::back_inserter(required), &WantedColumn::required);
  if (required.empty()) required = columns;
  const auto named = take_named_delimiter(beginning);
  layout.names_delimiter = named.has_value();
  if (!given) given = named;
  const Trial trial =
      given ? try_delimiter(beginning, whole, *given, required) : find_delimiter(beginning, whole, required);
  layout.delimiter = trial.delimiter;
  layout.has_header = trial.named_columns > 0 || std::ranges::none_of(trial.first_row, looks_like_data);
  return layout;
}

}  // namespace sotto::data
