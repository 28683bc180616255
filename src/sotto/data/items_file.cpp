#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/column_names.hpp>
#include <sotto/data/item_rows.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace sotto::data {
namespace {

// The max length of a title, category or image URL, in bytes.
constexpr std::size_t max_field_bytes = 8192;

struct TextColumn {
  std::string ItemColumns::* name;
  std::vector<std::string> Catalogue::* values;
  std::span<const std::string_view> (*other_names)() noexcept;
  std::string_view option;
};
constexpr TextColumn text_columns[] = {
    {&ItemColumns::title, &Catalogue::titles, names_of_titles, "--title-column"},
    {&ItemColumns::category, &Catalogue::categories, names_of_categories, "--category-column"},
    {&ItemColumns::image, &Catalogue::images, names_of_images, "--image-column"}};

// The places of the columns that follow those of text_columns. The name of the second price column states its currency.
enum Place : std::size_t { price_place = std::size(text_columns), gbp_price_place, currency_place };

std::optional<double> parse_price(std::string_view text) noexcept {
  if (text.find_first_of("eE") != std::string_view::npos) return std::nullopt;
  const auto value = parse_decimal(text);
  return value && *value >= 0 ? value : std::nullopt;
}

bool is_currency(std::string_view text) noexcept {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Describes the items of a catalogue that already has its ids, row by row.
class Describer {
 public:
  Describer(ItemRows& rows, const ItemColumns& names, Catalogue& catalogue)
      : rows_(rows), names_(names), catalogue_(catalogue) {}

  Status read() {
    while (true) {
      auto item = rows_.next();
      if (!item) return std::move(item).error();
      if (!*item) break;
      if (**item == catalogue_.size()) catalogue_.item_ids.emplace_back(rows_.item_id());
      if (auto status = read_row(**item); !status) return status;
    }
    // A column has values for all items or for none.
    for (const TextColumn& column : text_columns) {
      if (!(catalogue_.*column.values).empty()) (catalogue_.*column.values).resize(catalogue_.size());
    }
    if (!catalogue_.prices.empty()) catalogue_.prices.resize(catalogue_.size(), unknown_price);
    return Ok{};
  }

 private:
  static constexpr double unknown_price = std::numeric_limits<double>::quiet_NaN();

  Status read_row(ItemIndex item) {
    for (std::size_t i = 0; i < std::size(text_columns); ++i) {
      if (auto status = read_text(text_columns[i], rows_.values()[i], item); !status) return status;
    }
    std::string_view price = rows_.values()[price_place];
    const bool in_pounds = price.empty() && !rows_.values()[gbp_price_place].empty();
    if (in_pounds) price = rows_.values()[gbp_price_place];
    if (!price.empty() && !stands_for_missing(price)) {
      const auto value = parse_price(price);
      if (!value) {
        return rows_.refuse(
            fmt::format("the price is {}, expected a number such as 12.50 or 12,50, or nothing", in_quotes(price)));
      }
      if (catalogue_.prices.size() <= item) catalogue_.prices.resize(catalogue_.size(), unknown_price);
      catalogue_.prices[item] = *value;
    }
    const std::string_view currency = in_pounds ? "GBP" : rows_.values()[currency_place];
    return currency.empty() ? Ok{} : read_currency(currency);
  }

  Status read_text(const TextColumn& column, std::string_view text, ItemIndex item) {
    if (text.empty()) return Ok{};
    if (!is_utf8(text))
      return rows_.refuse(fmt::format("column {} is {}, expected UTF-8 text; {}", in_quotes(names_.*column.name),
                                      in_quotes(text), utf8_advice));
    if (text.size() > max_field_bytes) {
      return rows_.refuse(fmt::format("column {} is {}, expected at most {} bytes, it has {}",
                                      in_quotes(names_.*column.name), in_quotes(text), max_field_bytes, text.size()));
    }
    std::vector<std::string>& values = catalogue_.*column.values;
    if (values.size() <= item) values.resize(catalogue_.size());
    values[item] = text;
    return Ok{};
  }

  Status read_currency(std::string_view currency) {
    if (!is_currency(currency)) {
      return rows_.refuse(
          fmt::format("column 'currency' is {}, expected an ISO 4217 code such as EUR", in_quotes(currency)));
    }
    if (!catalogue_.currency.empty() && catalogue_.currency != currency) {
      return rows_.refuse(fmt::format("column 'currency' is {}, earlier prices are in {}; a catalogue has one currency",
                                      in_quotes(currency), catalogue_.currency));
    }
    catalogue_.currency = currency;
    return Ok{};
  }

  ItemRows& rows_;
  const ItemColumns& names_;
  Catalogue& catalogue_;
};

std::vector<WantedColumn> wanted_columns(const ItemColumns& names) {
  const ItemColumns usual;
  std::vector<WantedColumn> columns;
  for (const TextColumn& column : text_columns)
    columns.push_back(wanted_column(names.*column.name, usual.*column.name, column.other_names(), column.option));
  columns.push_back(wanted_column(names.price, usual.price, names_of_prices(), "--price-column"));
  columns.push_back({"median_price_gbp", false});
  columns.push_back({"currency", false});
  return columns;
}

}  // namespace

Result<FileReading> look_at_items(const ItemsFile& items_file) {
  auto rows = ItemRows::open(items_file, wanted_columns(items_file.columns), {}, UntouchedItems::include);
  if (!rows) return std::move(rows).error();
  return rows->reading();
}

Result<Catalogue> make_catalogue(const Interactions& log, const ItemsFile& items_file, UntouchedItems untouched) {
  Catalogue catalogue;
  catalogue.item_ids = log.item_ids;
  if (items_file.empty()) return catalogue;

  auto rows = ItemRows::open(items_file, wanted_columns(items_file.columns), log.item_ids, untouched);
  if (!rows) return std::move(rows).error();
  if (auto status = Describer(*rows, items_file.columns, catalogue).read(); !status) return std::move(status).error();
  return catalogue;
}

Result<Catalogue> extend_catalogue(const Catalogue& catalogue, const ItemsFile& items_file) {
  Interactions known;
  known.item_ids = catalogue.item_ids;
  auto extended = make_catalogue(known, items_file, UntouchedItems::include);
  if (!extended) return extended;
  if (!catalogue.prices.empty() && !extended->currency.empty() && catalogue.currency != extended->currency) {
    return Error{ErrorCode::mismatch, fmt::format("{}: its prices are in '{}', the model's in '{}'",
                                                  items_file.path.string(), extended->currency, catalogue.currency)};
  }
  if (extended->currency.empty()) extended->currency = catalogue.currency;
  // A column that either side has is there for all items.
  const auto keep = [&](const auto& ours, auto& column, const auto& unknown) {
    if (ours.empty() && column.empty()) return;
    column.resize(extended->size(), unknown);
    for (std::size_t item = 0; item < catalogue.size(); ++item) column[item] = ours.empty() ? unknown : ours[item];
  };
  for (const TextColumn& column : text_columns) {
    keep(catalogue.*column.values, *extended.*column.values, std::string());
  }
  keep(catalogue.prices, extended->prices, std::numeric_limits<double>::quiet_NaN());
  return extended;
}

}  // namespace sotto::data
