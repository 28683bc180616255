#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/column_names.hpp>
#include <sotto/data/item_rows.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::data {
namespace {

constexpr std::size_t max_item_text_bytes = 65536;

// Returns at most `bytes` bytes, without a partial character at the end.
std::string_view cut_at_character(std::string_view text, std::size_t bytes) noexcept {
  if (text.size() <= bytes) return text;
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
  while (bytes > 0 && continues(bytes)) --bytes;
  return text.substr(0, bytes);
}

}  // namespace

Result<ItemTexts> read_item_texts(const Catalogue& catalogue, const ItemsFile& items_file,
                                  const std::string& text_column) {
  constexpr std::string_view usual_text_column = "description";
  const ItemColumns usual;
  const std::vector<WantedColumn> columns = {
      wanted_column(items_file.columns.category, usual.category, names_of_categories(), "--category-column"),
      wanted_column(items_file.columns.title, usual.title, names_of_titles(), "--title-column"),
      wanted_column(text_column.empty() ? std::string(usual_text_column) : text_column, usual_text_column,
                    names_of_descriptions(), "--text-column")};
  constexpr std::size_t category_place = 0;
  auto rows = ItemRows::open(items_file, columns, catalogue.item_ids, UntouchedItems::leave_out);
  if (!rows) return std::move(rows).error();
  ItemTexts result;
  result.items.resize(catalogue.size());
  while (true) {
    auto item = rows->next();
    if (!item) return std::move(item).error();
    if (!*item) break;
    ItemText& of_item = result.items[**item];
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string_view value = rows->values()[i];
      if (value.empty()) continue;
      if (!is_utf8(value)) {
        return rows->refuse(
            fmt::format("column {} is {}, expected UTF-8 text", in_quotes(columns[i].name), in_quotes(value)));
      }
      std::string& field = i == category_place ? of_item.category : of_item.text;
      if (!field.empty()) field += '\n';
      field += cut_at_character(value, max_item_text_bytes);
    }
    if (!of_item.empty()) ++result.described;
  }
  return result;
}

}  // namespace sotto::data
