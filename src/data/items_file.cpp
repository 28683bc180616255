#include <sotto/data/csv_header.hpp>
#include <sotto/data/csv_reader.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace sotto::data {
namespace {

// Longest title, category or image URL, in bytes.
constexpr std::size_t max_text_bytes = 8192;

struct TextColumn {
  std::string_view name;
  std::vector<std::string> Catalogue::* values;
};
constexpr TextColumn text_columns[] = {
    {"title", &Catalogue::titles}, {"category", &Catalogue::categories}, {"image", &Catalogue::images}};

// A price column whose name gives the currency.
constexpr std::string_view price_column = "price";
constexpr std::string_view gbp_price_column = "median_price_gbp";

std::optional<double> parse_price(std::string_view text) noexcept {
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (failure != std::errc{} || end != text.data() + text.size() || !(value >= 0) ||
      value > std::numeric_limits<double>::max()) {
    return std::nullopt;
  }
  return value;
}

bool is_currency(std::string_view text) noexcept {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Reads the rows of an items file into a catalogue that has its ids already.
class ItemsFile {
 public:
  ItemsFile(CsvReader& reader, Catalogue& catalogue) : reader_(reader), catalogue_(catalogue), vocabulary_(catalogue) {}

  Status read() {
    auto header = CsvHeader::read(reader_);
    if (!header) return std::move(header).error();
    if (auto found = find_columns(*header); !found) return found;

    std::vector<std::uint64_t> line_of(catalogue_.size(), 0);
    while (true) {
      auto fields = reader_.next_row();
      if (!fields) return std::move(fields).error();
      if (fields->empty()) return Ok{};
      if (fields->size() != header->columns()) {
        return refuse(fmt::format("the row has {} fields, the header has {}", fields->size(), header->columns()));
      }
      const std::string_view id = (*fields)[id_column_];
      const auto item = vocabulary_.find(id);
      if (!item) continue;
      if (line_of[*item] != 0) {
        return refuse(fmt::format("item {} appears a second time, first on line {}; keep one row", in_quotes(id),
                                  line_of[*item]));
      }
      line_of[*item] = reader_.line();
      if (auto status = read_row(*fields, *item); !status) return status;
    }
  }

 private:
  [[nodiscard]] Error refuse(std::string_view what) const {
    return {ErrorCode::malformed, fmt::format("{}:{}: {}", reader_.name(), reader_.line(), what)};
  }

  Status find_columns(const CsvHeader& header) {
    auto id = header.require("item_id");
    if (!id) return std::move(id).error();
    id_column_ = *id;
    for (const TextColumn& column : text_columns) {
      if (const auto place = header.find(column.name)) {
        texts_.push_back({column, *place});
        (catalogue_.*column.values).resize(catalogue_.size());
      }
    }
    price_ = header.find(price_column);
    if (!price_ && (price_ = header.find(gbp_price_column))) catalogue_.currency = "GBP";
    if (price_) catalogue_.prices.resize(catalogue_.size(), std::numeric_limits<double>::quiet_NaN());
    currency_ = header.find("currency");
    return Ok{};
  }

  Status read_row(std::span<const std::string_view> fields, ItemIndex item) {
    for (const auto& [column, place] : texts_) {
      const std::string_view text = fields[place];
      if (!is_utf8(text))
        return refuse(fmt::format("column '{}' is {}, expected UTF-8 text", column.name, in_quotes(text)));
      if (text.size() > max_text_bytes) {
        return refuse(fmt::format("column '{}' is {}, expected at most {} bytes, it has {}", column.name,
                                  in_quotes(text), max_text_bytes, text.size()));
      }
      (catalogue_.*column.values)[item] = text;
    }
    if (price_) {
      const auto price = parse_price(fields[*price_]);
      if (!price) {
        return refuse(
            fmt::format("the price is {}, expected a number such as 12.50, or nothing", in_quotes(fields[*price_])));
      }
      catalogue_.prices[item] = *price;
    }
    if (currency_ && !fields[*currency_].empty()) return read_currency(fields[*currency_]);
    return Ok{};
  }

  Status read_currency(std::string_view currency) {
    if (!is_currency(currency)) {
      return refuse(fmt::format("column 'currency' is {}, expected an ISO 4217 code such as EUR", in_quotes(currency)));
    }
    if (!catalogue_.currency.empty() && catalogue_.currency != currency) {
      return refuse(fmt::format("column 'currency' is {}, earlier prices are in {}; a catalogue has one currency",
                                in_quotes(currency), catalogue_.currency));
    }
    catalogue_.currency = currency;
    return Ok{};
  }

  CsvReader& reader_;
  Catalogue& catalogue_;
  Vocabulary vocabulary_;
  std::size_t id_column_ = 0;
  std::vector<std::pair<TextColumn, std::size_t>> texts_;
  std::optional<std::size_t> price_;
  std::optional<std::size_t> currency_;
};

}  // namespace

Result<Catalogue> make_catalogue(const Interactions& log, const std::filesystem::path& items_file) {
  Catalogue catalogue;
  catalogue.item_ids = log.item_ids;
  if (items_file.empty()) return catalogue;

  auto source = open_log_source(items_file);
  if (!source) return std::move(source).error();
  CsvReader reader(**source, items_file.string());
  if (auto status = ItemsFile(reader, catalogue).read(); !status) return std::move(status).error();
  return catalogue;
}

}  // namespace sotto::data
