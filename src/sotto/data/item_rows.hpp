// Reads the rows of an items file, each with the place of its item.
#pragma once

#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/file_reading.hpp>
#include <sotto/data/id_dictionary.hpp>
#include <sotto/data/rounded_ids.hpp>
#include <sotto/data/table_reader.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

// The column of an items file that `name` names, as a wanted column. It is required unless `name` is the usual one.
[[nodiscard]] WantedColumn wanted_column(const std::string& name, std::string_view usual,
                                         std::span<const std::string_view> other_names, std::string_view option);

class ItemRows {
 public:
  // Reads `columns` in addition to the id. The items that are known beforehand have the first places, in their order.
  [[nodiscard]] static Result<ItemRows> open(const ItemsFile& file, std::vector<WantedColumn> columns,
                                             const std::vector<std::string>& known_items, UntouchedItems untouched);

  // Returns the next row's item. A new item that is included gets a new place. Rows of other items are skipped. Empty
  // at the end. A repeated item is an error, and so is a refused row.
  [[nodiscard]] Result<std::optional<ItemIndex>> next();
  // The row's values of `columns`. Valid until next().
  [[nodiscard]] std::span<const std::string_view> values() const noexcept { return table_->values().subspan(1); }
  // The row's item id. Valid until next().
  [[nodiscard]] std::string_view item_id() const noexcept { return table_->values().front(); }
  // How the file is read, with the id and the columns.
  [[nodiscard]] FileReading reading() const;
  // Of the rows so far, those of items that are skipped among them.
  [[nodiscard]] const RoundedIds& rounded_ids() const noexcept { return rounded_ids_; }
  // Makes an error that begins with the file and the line.
  [[nodiscard]] Error refuse(std::string_view what) const;

 private:
  ItemRows() = default;
  [[nodiscard]] const std::string& id_column() const noexcept { return table_->column_names().front(); }
  [[nodiscard]] Status check_new_id(std::string_view id) const;

  std::unique_ptr<TableReader> table_;
  std::vector<std::string> wanted_;
  std::optional<TableFormat> format_of_name_;
  bool literal_ids_ = false;
  IdDictionary items_;
  std::vector<std::uint64_t> line_of_;  // 0: not found yet
  RoundedIds rounded_ids_;
  UntouchedItems untouched_ = UntouchedItems::leave_out;
};

}  // namespace sotto::data
