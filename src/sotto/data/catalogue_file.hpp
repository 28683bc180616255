// Makes the catalogue of a log's items from an items file.
#pragma once

#include <sotto/data/file_reading.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/data/rounded_ids.hpp>
#include <sotto/data/table_reader.hpp>

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sotto::data {

// The treatment of items in the items file that have no event in the log.
enum class UntouchedItems {
  leave_out,
  include,  // add them after the log's items, in the order of the items file
};

// The columns of an items file: names, positions or paths as in logs. Where a file has no column of a default name, one
// with another usual name is taken (column_names.hpp), or none. A column under a name that is not the default one must
// be there, and so must the id.
struct ItemColumns {
  std::string id = "item_id";
  std::string title = "title";
  std::string category = "category";
  std::string price = "price";
  std::string image = "image";
};

// An items file, in any format of logs (table_reader.hpp).
struct ItemsFile {
  ItemsFile() = default;
  template <class Path>
    requires std::convertible_to<Path, std::filesystem::path>
  ItemsFile(const Path& file, ItemColumns names = {}) : path(file), columns(std::move(names)) {}

  [[nodiscard]] bool empty() const noexcept { return path.empty(); }

  std::filesystem::path path;
  ItemColumns columns;
  TableOptions table = {};  // what they leave open is decided by the beginning of the file
  bool literal_ids = false;  // as ReadOptions::literal_ids
};

// How an items file would be read: its format, and the columns that are taken for the wanted ones.
[[nodiscard]] Result<FileReading> look_at_items(const ItemsFile& items_file);

// Fails where a row cannot be read or has no id.
[[nodiscard]] Result<RoundedIds> find_rounded_ids(const ItemsFile& items_file);

// Makes the catalogue of all items of the log in index order. If `items_file` is not empty, it gives title, category,
// price (or median_price_gbp), image and currency.
[[nodiscard]] Result<Catalogue> make_catalogue(const Interactions& log, const ItemsFile& items_file,
                                               UntouchedItems untouched = UntouchedItems::leave_out);

// Adds the items of an items file that the catalogue lacks, in the order of the file. The entries of the catalogue's
// own items do not change. Fails as make_catalogue does, and with mismatch if the file states another currency.
[[nodiscard]] Result<Catalogue> extend_catalogue(const Catalogue& catalogue, const ItemsFile& items_file);

// The overlap of an items file and a log's items.
struct ItemCoverage {
  std::size_t file_items = 0;  // in the items file
  std::size_t described_items = 0;  // items of the log that the items file contains
  // Items of the log with a value.
  std::size_t titles = 0;
  std::size_t categories = 0;
  std::size_t prices = 0;
  RoundedIds rounded_ids;  // in the items file
  FileReading file;  // how it was read
};
// It fails as make_catalogue does.
[[nodiscard]] Result<ItemCoverage> measure_coverage(const Interactions& log, const ItemsFile& items_file);

// The text about an item, from which a model may learn its meaning.
struct ItemText {
  std::string text;  // title and free text, each on its own line
  std::string category;

  [[nodiscard]] bool empty() const noexcept { return text.empty() && category.empty(); }
};
struct ItemTexts {
  std::vector<ItemText> items;  // in the catalogue's order
  std::size_t described = 0;  // number of items whose text is not empty
};

// Reads title, category and a free text from the items file. `text_column` names the free text. With "", it is the
// column "description" if there is one. Texts are cut to 64 KiB at the end of a character.
[[nodiscard]] Result<ItemTexts> read_item_texts(const Catalogue& catalogue, const ItemsFile& items_file,
                                                const std::string& text_column = {});

}  // namespace sotto::data
