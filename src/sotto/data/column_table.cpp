#include <sotto/data/column_names.hpp>
#include <sotto/data/column_table.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::int64_t ms_per_second = 1000;

// Long enough for every integer, and for every number of at most 17 significant digits that is written out.
using NumberText = std::array<char, 400>;

template <class Column>
std::size_t rows_of(const Column& column) noexcept {
  if constexpr (requires { column.places; }) {
    return column.places.size();
  } else if constexpr (requires { column.milliseconds; }) {
    return column.milliseconds.size();
  } else {
    return column.values.size();
  }
}
std::size_t rows_of(const NamedColumn& column) noexcept {
  return std::visit([](const auto& values) { return rows_of(values); }, column.values);
}

std::string_view text_of(const TextValues& column, std::size_t row, NumberText&) noexcept {
  const std::int32_t place = column.places[row];
  return place == missing_text ? std::string_view() : std::string_view(column.texts[static_cast<std::size_t>(place)]);
}

std::string_view text_of(std::int64_t value, NumberText& buffer) noexcept {
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string_view text_of(const IntegerValues& column, std::size_t row, NumberText& buffer) noexcept {
  const std::int64_t value = column.values[row];
  return value == missing_integer ? std::string_view() : text_of(value, buffer);
}

std::string_view text_of(const RealValues& column, std::size_t row, NumberText& buffer) noexcept {
  const double value = column.values[row];
  if (std::isnan(value)) return {};
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
  return {buffer.data(), end};
}

std::string_view text_of(const MomentValues& column, std::size_t row, NumberText& buffer) noexcept {
  const std::int64_t ms = column.milliseconds[row];
  if (ms == missing_integer) return {};
  if (ms % ms_per_second == 0) return text_of(ms / ms_per_second, buffer);
  char* end = buffer.data();
  if (ms < 0) *end++ = '-';
  const std::uint64_t magnitude = ms < 0 ? 0 - static_cast<std::uint64_t>(ms) : static_cast<std::uint64_t>(ms);
  end = fmt::format_to(end, "{}.{:03}", magnitude / ms_per_second, magnitude % ms_per_second);
  return {buffer.data(), end};
}

class ColumnTable final : public TableReader {
 public:
  ColumnTable(std::string name, std::vector<const NamedColumn*> columns, std::size_t rows)
      : TableReader(std::move(name)), columns_(std::move(columns)), numbers_(columns_.size()), rows_(rows) {
    values_.resize(columns_.size());
    for (const NamedColumn* column : columns_) column_names_.push_back(column == nullptr ? "" : column->name);
  }

  Result<RowState> next() override {
    if (row_ == rows_) return RowState::end;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == nullptr) continue;
      values_[i] =
          std::visit([&](const auto& column) { return text_of(column, row_, numbers_[i]); }, columns_[i]->values);
    }
    line_ = ++row_;
    return RowState::good;
  }

  [[nodiscard]] bool may_have(std::size_t column) const override { return columns_[column] != nullptr; }

 private:
  std::vector<const NamedColumn*> columns_;  // null: not in the table
  std::vector<NumberText> numbers_;
  std::size_t rows_;
  std::size_t row_ = 0;
};

Status check_places(const NamedColumn& column, const std::string& name) {
  const auto* texts = std::get_if<TextValues>(&column.values);
  if (texts == nullptr) return Ok{};
  const auto size = static_cast<std::int64_t>(texts->texts.size());
  for (const std::int32_t place : texts->places) {
    if (place >= missing_text && place < size) continue;
    return Error{ErrorCode::out_of_range, fmt::format("{}: column {} refers to its text {}, and it has {}", name,
                                                      in_quotes(column.name), place, size)};
  }
  return Ok{};
}

}  // namespace

Result<std::unique_ptr<TableReader>> open_columns(std::span<const NamedColumn> table, std::string name,
                                                  const std::vector<WantedColumn>& wanted) {
  const std::size_t rows = table.empty() ? 0 : rows_of(table.front());
  for (const NamedColumn& column : table) {
    if (rows_of(column) != rows) {
      return Error{ErrorCode::wrong_shape,
                   fmt::format("{}: column {} has {} rows, and column {} has {}", name, in_quotes(column.name),
                               rows_of(column), in_quotes(table.front().name), rows)};
    }
    if (auto checked = check_places(column, name); !checked) return std::move(checked).error();
  }
  std::vector<std::string> names;
  for (const NamedColumn& column : table) names.push_back(column.name);
  std::vector<const NamedColumn*> columns;
  for (const WantedColumn& column : wanted) {
    const auto found = find_column(names, column);
    if (!found && column.required) {
      return Error{ErrorCode::missing,
                   fmt::format("{}: no column {}; there are {}: name the column to use", name, in_quotes(column.name),
                               names.empty() ? "none" : list_of_names(names))};
    }
    columns.push_back(found ? &table[*found] : nullptr);
  }
  return std::unique_ptr<TableReader>(std::make_unique<ColumnTable>(std::move(name), std::move(columns), rows));
}

}  // namespace sotto::data
