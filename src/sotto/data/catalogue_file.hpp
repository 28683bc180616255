// Makes the catalogue of a log's items from an items file.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace sotto::data {

// The treatment of items in the items file that have no event in the log.
enum class UntouchedItems {
  leave_out,
  include,  // add them after the log's items, in the order of the items file
};

// Makes the catalogue of all items of the log in index order. If `items_file` is not empty, it gives title, category,
// price and image. It is CSV, TSV or JSON Lines, plain, gzip or zstd. The columns are found by name: item_id, title,
// category, price, median_price_gbp, image, currency. All but item_id are optional.
[[nodiscard]] Result<Catalogue> make_catalogue(const Interactions& log, const std::filesystem::path& items_file,
                                               UntouchedItems untouched = UntouchedItems::leave_out);

// Adds the items of an items file that the catalogue lacks, in the order of the file. The entries of the catalogue's
// own items do not change. Fails as make_catalogue does, and with mismatch if the file states another currency.
[[nodiscard]] Result<Catalogue> extend_catalogue(const Catalogue& catalogue, const std::filesystem::path& items_file);

// The overlap of an items file and a log's items.
struct ItemCoverage {
  std::size_t file_items = 0;       // in the items file
  std::size_t described_items = 0;  // items of the log that the items file contains
};
[[nodiscard]] Result<ItemCoverage> measure_coverage(const Interactions& log, const std::filesystem::path& items_file);

// The text about an item, from which a model may learn its meaning.
struct ItemText {
  std::string text;      // title and free text, each on its own line
  std::string category;

  [[nodiscard]] bool empty() const noexcept { return text.empty() && category.empty(); }
};
struct ItemTexts {
  std::vector<ItemText> items;  // in the catalogue's order
  std::size_t described = 0;    // number of items whose text is not empty
};

// Reads title, category and a free text from the items file. `text_column` names the free text. With "", it is the
// column "description" if there is one. Texts are cut to 64 KiB at the end of a character.
[[nodiscard]] Result<ItemTexts> read_item_texts(const Catalogue& catalogue, const std::filesystem::path& items_file,
                                                const std::string& text_column = {});

}  // namespace sotto::data
