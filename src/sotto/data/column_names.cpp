#include <sotto/data/column_names.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sotto::data {
namespace {

using namespace std::string_view_literals;

constexpr auto user_names = std::to_array<std::string_view>(
    {"userid", "user", "uid", "customerid", "customer", "clientid", "visitorid", "visitor", "memberid", "accountid",
     "personid", "reviewerid", "userpseudoid", "anonymousid", "domainuserid", "sessionid", "session"});
constexpr auto item_names = std::to_array<std::string_view>(
    {"itemid",   "item",       "iid",     "productid", "product",   "sku",       "skuid",   "articleid", "article",
     "asin",     "parentasin", "movieid", "bookid",    "isbn",      "songid",    "trackid", "videoid",   "newsid",
     "recipeid", "businessid", "venueid", "contentid", "listingid", "stockcode", "aid"});
constexpr auto time_names = std::to_array<std::string_view>(
    {"timestamp", "time", "ts", "datetime", "eventtime", "eventtimestamp", "unixtimestamp", "unixreviewtime",
     "createdat", "occurredat", "derivedtstamp", "collectortstamp", "invoicedate", "eventdate", "date", "tdat"});

constexpr auto title_names = std::to_array<std::string_view>(
    {"title", "name", "itemname", "itemtitle", "productname", "producttitle", "movietitle", "displayname"});
constexpr auto category_names = std::to_array<std::string_view>(
    {"category", "categories", "categoryname", "categorycode", "genre", "genres", "producttype", "department"});
constexpr auto price_names = std::to_array<std::string_view>({"price", "unitprice", "itemprice", "productprice"});
constexpr auto image_names = std::to_array<std::string_view>(
    {"image", "imageurl", "imurl", "imagelink", "img", "imgurl", "thumbnail", "picture", "posterurl"});
constexpr auto description_names =
    std::to_array<std::string_view>({"description", "itemdescription", "productdescription", "overview", "abstract"});

// In lower case, without '_', '-' and spaces.
std::string key_of(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == ' ') continue;
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return key;
}

std::string_view last_part(std::string_view path) noexcept { return path.substr(path.rfind('.') + 1); }

std::string_view without_spaces(std::string_view text) noexcept {
  constexpr std::string_view spaces = " \t";
  const std::size_t begin = text.find_first_not_of(spaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(spaces) + 1 - begin);
}

std::string_view without_type(std::string_view name) noexcept {
  for (const std::string_view type : {":token"sv, ":token_seq"sv, ":float"sv, ":float_seq"sv}) {
    if (name.ends_with(type) && name.size() > type.size()) return name.substr(0, name.size() - type.size());
  }
  return {};
}

}  // namespace

std::span<const std::string_view> names_of_users() noexcept { return user_names; }
std::span<const std::string_view> names_of_items() noexcept { return item_names; }
std::span<const std::string_view> names_of_times() noexcept { return time_names; }
std::span<const std::string_view> names_of_titles() noexcept { return title_names; }
std::span<const std::string_view> names_of_categories() noexcept { return category_names; }
std::span<const std::string_view> names_of_prices() noexcept { return price_names; }
std::span<const std::string_view> names_of_images() noexcept { return image_names; }
std::span<const std::string_view> names_of_descriptions() noexcept { return description_names; }

std::vector<std::string> plain_names(std::span<const std::string_view> header) {
  const bool typed =
      std::ranges::all_of(header, [](std::string_view name) { return !without_type(without_spaces(name)).empty(); });
  std::vector<std::string> names;
  for (const std::string_view name : header)
    names.emplace_back(typed ? without_type(without_spaces(name)) : without_spaces(name));
  return names;
}

std::optional<std::size_t> find_column(std::span<const std::string> names, const WantedColumn& column) {
  const auto exact = std::ranges::find(names, column.name);
  if (exact != names.end()) return static_cast<std::size_t>(exact - names.begin());
  for (const std::string_view other : column.other_names) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (key_of(last_part(names[i])) != other) continue;
      if (!column.required && names[i].find("[]") != std::string::npos) continue;
      const auto parts = [&](std::size_t place) { return std::ranges::count(names[place], '.'); };
      if (!found || parts(i) < parts(*found)) found = i;
    }
    if (found) return found;
  }
  return std::nullopt;
}

std::vector<std::string> other_columns(std::span<const std::string> names, const WantedColumn& column,
                                       std::string_view taken) {
  std::vector<std::string> others;
  for (const std::string_view usual : column.other_names) {
    for (const std::string& name : names) {
      if (name != taken && key_of(last_part(name)) == usual) others.push_back(name);
    }
  }
  return others;
}

std::string list_of_names(std::span<const std::string> names) {
  constexpr std::size_t max_listed = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), max_listed); ++i)
    list += (i == 0 ? "" : ", ") + in_quotes(names[i]);
  if (names.size() > max_listed) list += fmt::format(" and {} more", names.size() - max_listed);
  return list;
}

std::string by_option(const WantedColumn& column) {
  return column.option.empty() ? std::string() : fmt::format(" with {}", column.option);
}

}  // namespace sotto::data
