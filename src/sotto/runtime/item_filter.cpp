#include <sotto/runtime/item_filter.hpp>

#include <algorithm>
#include <utility>

namespace sotto {
namespace {

constexpr char category_separator = '|';

// `categories`: an item's, as the catalogue has them.
bool in_any(std::string_view categories, std::span<const std::string_view> wanted) {
  while (!categories.empty()) {
    const std::size_t end = std::min(categories.find(category_separator), categories.size());
    const std::string_view category = categories.substr(0, end);
    if (!category.empty() && std::ranges::find(wanted, category) != wanted.end()) return true;
    categories.remove_prefix(std::min(end + 1, categories.size()));
  }
  return false;
}

}  // namespace

ItemFilter::ItemFilter(const Catalogue& catalogue) : catalogue_(&catalogue), allowed_(catalogue.size(), 1) {}

ItemFilter& ItemFilter::only(std::span<const std::string_view> categories) {
  for (std::size_t item = 0; item < allowed_.size(); ++item) {
    const bool is_in = !catalogue_->categories.empty() && in_any(catalogue_->categories[item], categories);
    if (!is_in) allowed_[item] = 0;
  }
  return *this;
}

ItemFilter& ItemFilter::without(std::span<const std::string_view> categories) {
  for (std::size_t item = 0; item < catalogue_->categories.size(); ++item) {
    if (in_any(catalogue_->categories[item], categories)) allowed_[item] = 0;
  }
  return *this;
}

ItemFilter& ItemFilter::among(std::span<const ItemIndex> items) {
  std::vector<std::uint8_t> narrowed(allowed_.size());
  for (const ItemIndex item : items) {
    if (item < narrowed.size()) narrowed[item] = allowed_[item];
  }
  allowed_ = std::move(narrowed);
  return *this;
}

}  // namespace sotto
