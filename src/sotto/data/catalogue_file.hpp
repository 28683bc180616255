// The catalogue of a log's items, described by an items file.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace sotto::data {

// What becomes of items of the items file that nobody has touched in the log.
enum class UntouchedItems {
  leave_out,
  include,  // after the log's items, in the order of the items file
};

// The catalogue of all items of the log in index order, with title, category, price and image from the items file
// when `items_file` is not empty: CSV, TSV or JSON Lines, plain, gzip or zstd. Columns by name: item_id, title,
// category, price, median_price_gbp, image, currency; all but item_id optional.
[[nodiscard]] Result<Catalogue> make_catalogue(const Interactions& log, const std::filesystem::path& items_file,
                                               UntouchedItems untouched = UntouchedItems::leave_out);

// How an items file and a log's items go together.
struct ItemCoverage {
  std::size_t file_items = 0;       // in the items file
  std::size_t described_items = 0;  // of the log's, those that are in it
};
[[nodiscard]] Result<ItemCoverage> measure_coverage(const Interactions& log, const std::filesystem::path& items_file);

// What is written about an item: what a model may learn its meaning from.
struct ItemText {
  std::string text;      // title and free text, each on a line of its own
  std::string category;

  [[nodiscard]] bool empty() const noexcept { return text.empty() && category.empty(); }
};
struct ItemTexts {
  std::vector<ItemText> items;  // in the catalogue's order
  std::size_t described = 0;    // how many are not empty
};

// Title, category and a free text from the items file. `text_column` names the free text; "" takes "description" if
// there is such a column. Texts are cut to 64 KiB at a character's end.
[[nodiscard]] Result<ItemTexts> read_item_texts(const Catalogue& catalogue, const std::filesystem::path& items_file,
                                                const std::string& text_column = {});

}  // namespace sotto::data
