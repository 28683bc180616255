#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/item_rows.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace sotto::data {

Result<RoundedIds> find_rounded_ids(const ItemsFile& items_file) {
  // No item is known and none is included, so that the first step leads to the end.
  auto rows = ItemRows::open(items_file, {}, {}, UntouchedItems::leave_out);
  if (!rows) return std::move(rows).error();
  if (auto end = rows->next(); !end) return std::move(end).error();
  return rows->rounded_ids();
}

Result<ItemCoverage> measure_coverage(const Interactions& log, const ItemsFile& items_file) {
  auto rows = ItemRows::open(items_file, {}, log.item_ids, UntouchedItems::include);
  if (!rows) return std::move(rows).error();
  ItemCoverage coverage;
  while (true) {
    auto item = rows->next();
    if (!item) return std::move(item).error();
    const std::optional<ItemIndex> place = *item;
    if (!place) break;
    ++coverage.file_items;
    if (*place < log.item_ids.size()) ++coverage.described_items;
  }
  coverage.rounded_ids = rows->rounded_ids();
  const auto catalogue = make_catalogue(log, items_file);
  if (!catalogue) return catalogue.error();
  const auto has_text = [](const std::string& text) { return !text.empty(); };
  const auto count = [](const auto& values, const auto& is_there) {
    return static_cast<std::size_t>(std::ranges::count_if(values, is_there));
  };
  auto file = look_at_items(items_file);
  if (!file) return std::move(file).error();
  coverage.file = *std::move(file);
  coverage.titles = count(catalogue->titles, has_text);
  coverage.categories = count(catalogue->categories, has_text);
  coverage.prices = count(catalogue->prices, [](double price) { return !std::isnan(price); });
  return coverage;
}

}  // namespace sotto::data
