#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/item_rows.hpp>

#include <optional>
#include <utility>

namespace sotto::data {

Result<ItemCoverage> measure_coverage(const Interactions& log, const std::filesystem::path& items_file) {
  auto rows = ItemRows::open(items_file, {}, log.item_ids, UntouchedItems::include);
  if (!rows) return std::move(rows).error();
  ItemCoverage coverage;
  while (true) {
    auto item = rows->next();
    if (!item) return std::move(item).error();
    const std::optional<ItemIndex> place = *item;
    if (!place) return coverage;
    ++coverage.file_items;
    if (*place < log.item_ids.size()) ++coverage.described_items;
  }
}

}  // namespace sotto::data
