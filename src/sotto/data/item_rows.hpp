// The rows of an items file, each with the place of its item.
#pragma once

#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/id_dictionary.hpp>
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

class ItemRows {
 public:
  // `columns` beside item_id. The items known beforehand have the first places, in their order.
  [[nodiscard]] static Result<ItemRows> open(const std::filesystem::path& file, std::vector<WantedColumn> columns,
                                             const std::vector<std::string>& known_items, UntouchedItems untouched);

  // The next row's item, a new place where the item is new and included; rows of other items are passed over. Empty at
  // the end. That an item comes twice is an error, and so is a row that is refused.
  [[nodiscard]] Result<std::optional<ItemIndex>> next();
  // Its values of `columns`, valid until next().
  [[nodiscard]] std::span<const std::string_view> values() const noexcept { return table_->values().subspan(1); }
  // Its id, likewise.
  [[nodiscard]] std::string_view item_id() const noexcept { return table_->values().front(); }
  // An error that begins with the file and the line.
  [[nodiscard]] Error refuse(std::string_view what) const;

 private:
  ItemRows() = default;
  [[nodiscard]] Status check_new_id(std::string_view id) const;

  std::unique_ptr<TableReader> table_;
  IdDictionary items_;
  std::vector<std::uint64_t> line_of_;  // 0: not seen
  UntouchedItems untouched_ = UntouchedItems::leave_out;
};

}  // namespace sotto::data
