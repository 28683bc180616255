#include <sotto/data/column_names.hpp>
#include <sotto/data/item_rows.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::data {

WantedColumn wanted_column(const std::string& name, std::string_view usual,
                           std::span<const std::string_view> other_names, std::string_view option) {
  if (name == usual) return {name, false, other_names, option};
  return {name, true, {}, option};
}

Result<ItemRows> ItemRows::open(const ItemsFile& file, std::vector<WantedColumn> columns,
                                const std::vector<std::string>& known_items, UntouchedItems untouched) {
  auto source = open_log_source(file.path);
  if (!source) return std::move(source).error();
  WantedColumn wanted_id = wanted_column(file.columns.id, ItemColumns{}.id, names_of_items(), "--items-id-column");
  wanted_id.required = true;
  columns.insert(columns.begin(), std::move(wanted_id));
  auto table = open_table(std::move(*source), name_of(file.path), file.table, columns);
  if (!table) return std::move(table).error();
  ItemRows rows;
  rows.table_ = std::move(*table);
  for (const WantedColumn& column : columns) rows.wanted_.push_back(column.name);
  rows.format_of_name_ = format_of_file_name(file.path);
  rows.literal_ids_ = file.literal_ids;
  for (const std::string& id : known_items) rows.items_.insert(id, IdDictionary::hash(id));
  rows.line_of_.resize(known_items.size());
  rows.untouched_ = untouched;
  return rows;
}

Error ItemRows::refuse(std::string_view what) const {
  return {ErrorCode::malformed, fmt::format("{}:{}: {}", table_->name(), table_->line(), what)};
}

FileReading ItemRows::reading() const {
  FileReading file;
  file.name = table_->name();
  file.table = table_->reading();
  file.name_agrees = !format_of_name_ || *format_of_name_ == file.table.format;
  for (std::size_t column = 0; column < wanted_.size(); ++column) {
    if (!table_->may_have(column)) continue;
    file.wanted.push_back(wanted_[column]);
    file.columns.push_back(table_->column_names()[column]);
  }
  return file;
}

Status ItemRows::check_new_id(std::string_view id) const {
  if (id.size() > max_id_bytes || !is_utf8(id)) {
    return refuse(fmt::format("column {} is {}, expected UTF-8 text of at most {} bytes", in_quotes(id_column()),
                              in_quotes(id), max_id_bytes));
  }
  if (!literal_ids_ && stands_for_missing(id)) {
    return refuse(fmt::format("column {} is {}, which stands for a missing id; --items-literal-ids takes it as an id",
                              in_quotes(id_column()), in_quotes(id)));
  }
  if (items_.size() == max_items) return refuse(fmt::format("more than {} items", max_items));
  return Ok{};
}

Result<std::optional<ItemIndex>> ItemRows::next() {
  while (true) {
    auto state = table_->next();
    if (!state) return std::move(state).error();
    if (*state == RowState::end) return std::optional<ItemIndex>{};
    if (*state == RowState::refused) return refuse(table_->refusal());
    const std::string_view id = item_id();
    if (id.empty()) return refuse(fmt::format("column {} is empty, expected an id", in_quotes(id_column())));
    rounded_ids_.look_at(id, table_->name(), table_->line());
    const std::uint64_t hash = IdDictionary::hash(id);
    auto item = items_.find(id, hash);
    if (!item) {
      if (untouched_ == UntouchedItems::leave_out) continue;
      if (auto checked = check_new_id(id); !checked) return std::move(checked).error();
      item = items_.insert(id, hash);
      line_of_.push_back(0);
    }
    if (line_of_[*item] != 0) {
      return refuse(
          fmt::format("item {} appears a second time, first on line {}; keep one row", in_quotes(id), line_of_[*item]));
    }
    line_of_[*item] = table_->line();
    return item;
  }
}

}  // namespace sotto::data
