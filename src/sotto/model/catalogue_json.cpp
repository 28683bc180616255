#include <sotto/model/catalogue_json.hpp>
#include <sotto/model/internal/field_reader.hpp>
#include <sotto/model/internal/json_document.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <unordered_set>
#include <utility>

namespace sotto {

using nlohmann::json;
using nlohmann::ordered_json;

std::string to_json_text(const Catalogue& catalogue) {
  ordered_json out;
  out["item_id"] = catalogue.item_ids;
  if (!catalogue.titles.empty()) out["title"] = catalogue.titles;
  if (!catalogue.categories.empty()) out["category"] = catalogue.categories;
  if (!catalogue.images.empty()) out["image"] = catalogue.images;
  if (!catalogue.prices.empty()) {
    auto& prices = out["price"] = ordered_json::array();
    for (const double price : catalogue.prices) {
      prices.push_back(std::isfinite(price) ? ordered_json(price) : ordered_json(nullptr));
    }
  }
  if (!catalogue.currency.empty()) out["currency"] = catalogue.currency;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<Catalogue> parse_catalogue(std::string_view text, std::uint32_t items) {
  const json document = parse_json(text);
  if (!document.is_object()) {
    return Error{ErrorCode::malformed, "tensor 'catalogue' is not the text of a JSON object"};
  }
  std::optional<Error> error;
  FieldReader reader(document, "catalogue", error);
  Catalogue catalogue;
  catalogue.item_ids = reader.strings("item_id", items);
  std::unordered_set<std::string_view> seen;
  for (const auto& id : catalogue.item_ids) {
    if (id.empty()) reader.fail(ErrorCode::malformed, "catalogue.item_id has an empty id");
    if (!seen.insert(id).second) reader.fail(ErrorCode::malformed, "catalogue.item_id has '" + id + "' twice");
  }
  if (reader.has("title")) catalogue.titles = reader.strings("title", items);
  if (reader.has("category")) catalogue.categories = reader.strings("category", items);
  if (reader.has("image")) catalogue.images = reader.strings("image", items);
  if (reader.has("price")) catalogue.prices = reader.numbers_or_null("price", items);
  if (reader.has("currency")) catalogue.currency = reader.string("currency");
  if (error) return std::move(*error);
  return catalogue;
}

}  // namespace sotto
