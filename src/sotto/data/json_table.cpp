#include <sotto/data/column_names.hpp>
#include <sotto/data/json_table.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace sotto::data {
namespace {

using Json = nlohmann::json;

constexpr std::size_t objects_looked_at = 20;
constexpr std::size_t max_fields = 60;
constexpr std::size_t max_depth = 8;
constexpr std::size_t objects_before_check = 1000;

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

void collect_fields(const Json& value, const std::string& path, std::size_t depth, std::vector<std::string>& fields) {
  if (depth > max_depth) return;
  if (value.is_object()) {
    for (const auto& [key, field] : value.items())
      collect_fields(field, path.empty() ? key : path + "." + key, depth + 1, fields);
  } else if (value.is_array() && !value.empty() && value.front().is_object() && path.find("[]") == std::string::npos) {
    for (std::size_t i = 0; i < std::min<std::size_t>(value.size(), 3); ++i)
      collect_fields(value[i], path + "[]", depth + 1, fields);
  } else if (fields.size() < max_fields && std::ranges::find(fields, path) == fields.end()) {
    fields.push_back(path);
  }
}

}  // namespace

std::vector<std::string> json_fields(std::string_view beginning) {
  JsonObjects objects(memory_source(std::as_bytes(std::span(beginning))), "");
  std::vector<std::string> fields;
  for (std::size_t seen = 0; seen < objects_looked_at;) {
    const auto state = objects.next();
    if (!state || *state == RowState::end) break;
    if (*state == RowState::refused) continue;
    ++seen;
    const Json object = Json::parse(objects.object(), nullptr, false);
    if (!object.is_discarded()) collect_fields(object, "", 0, fields);
  }
  return fields;
}

Result<std::unique_ptr<TableReader>> JsonTable::open(std::unique_ptr<ByteSource> source, std::string name,
                                                     TableFormat format, const std::vector<WantedColumn>& columns,
                                                     std::vector<std::string> fields) {
  std::vector<std::string> paths;
  for (const WantedColumn& column : columns) paths.push_back(column.name);
  auto rows = JsonRows::make(paths);
  if (!rows) return Error{rows.error().code, fmt::format("{}: {}", name, rows.error().detail)};
  return std::unique_ptr<TableReader>(
      new JsonTable(std::move(source), std::move(name), format, columns, std::move(fields), *std::move(rows)));
}

JsonTable::JsonTable(std::unique_ptr<ByteSource> source, std::string name, TableFormat format,
                     const std::vector<WantedColumn>& columns, std::vector<std::string> fields, JsonRows rows)
    : TableReader(name),
      text_(format == TableFormat::jsonl
                ? std::variant<LineReader, JsonObjects>(std::in_place_type<LineReader>, std::move(source), name)
                : std::variant<LineReader, JsonObjects>(std::in_place_type<JsonObjects>, std::move(source), name)),
      columns_(columns),
      fields_(std::move(fields)),
      rows_(std::move(rows)) {
  reading_.format = format;
  for (const WantedColumn& column : columns) {
    column_names_.push_back(column.name);
    other_columns_.push_back(data::other_columns(fields_, column, column.name));
  }
  values_.resize(columns.size());
}

Result<RowState> JsonTable::next_line(LineReader& lines, std::string_view& object) {
  while (true) {
    const auto read = lines.next();
    if (!read) return read.error();
    line_ = lines.number();
    if (*read == LineReader::Line::end) return RowState::end;
    if (*read == LineReader::Line::too_long) {
      refusal_ = "the line is longer than 16 MiB; write one JSON object on each line";
      return RowState::refused;
    }
    const std::string_view line = lines.line();
    const auto begin = std::ranges::find_if_not(line, is_space);
    if (begin == line.end()) continue;
    object = line.substr(static_cast<std::size_t>(begin - line.begin()));
    return RowState::good;
  }
}

Result<RowState> JsonTable::next_object(std::string_view& object) {
  if (auto* lines = std::get_if<LineReader>(&text_)) return next_line(*lines, object);
  auto& objects = *std::get_if<JsonObjects>(&text_);
  auto state = objects.next();
  line_ = objects.line();
  if (!state || *state == RowState::end) return state;
  if (*state == RowState::refused) refusal_ = objects.refusal();
  object = objects.object();
  return state;
}

Status JsonTable::check_fields() const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].required || rows_.found(i)) continue;
    return Error{ErrorCode::missing,
                 fmt::format("{}: no field {}; the objects have {}: name the field to use{}", name_,
                             in_quotes(columns_[i].name), list_of_names(fields_), by_option(columns_[i]))};
  }
  return Ok{};
}

Result<RowState> JsonTable::next() {
  while (!has_object_ || row_ == rows_.rows()) {
    if (objects_ == objects_before_check && has_object_) {
      if (auto checked = check_fields(); !checked) return std::move(checked).error();
    }
    has_object_ = false;
    std::string_view object;
    auto state = next_object(object);
    if (!state || *state == RowState::refused) return state;
    if (*state == RowState::end) {
      if (objects_ == 0 || objects_ >= objects_before_check) return state;
      if (auto checked = check_fields(); !checked) return std::move(checked).error();
      return state;
    }
    if (!rows_.read(object)) {
      refusal_ = rows_.refusal();
      return RowState::refused;
    }
    ++objects_;
    has_object_ = true;
    row_ = 0;
  }
  rows_.values(row_++, values_);
  return RowState::good;
}

}  // namespace sotto::data
