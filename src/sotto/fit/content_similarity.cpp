#include <sotto/fit/content_similarity.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sotto::fit {
namespace {

// Returns the max number of items that a feature may have. 0: none may be used.
std::uint64_t max_items_of_feature(std::vector<std::uint64_t> items_of) {
  std::ranges::sort(items_of);
  std::uint64_t products = 0;
  std::uint64_t most = 0;
  for (const std::uint64_t items : items_of) {
    products += items * items;
    if (products > ContentSimilarity::max_products) break;
    most = items;
  }
  return most;
}

}  // namespace

ContentSimilarity::ContentSimilarity(const train::ItemFeatures& features) {
  if (features.empty()) return;
  const std::size_t items = features.begin.size() - 1;
  std::vector<std::uint64_t> items_of(features.columns);
  for (const std::uint32_t column : features.column) ++items_of[column];
  const std::uint64_t most = max_items_of_feature(items_of);

  feature_begin_.push_back(0);
  entry_begin_.assign(features.columns + 1, 0);
  for (std::size_t item = 0; item < items; ++item) {
    double squares = 0;
    const std::size_t begin = feature_.size();
    for (std::uint64_t i = features.begin[item]; i < features.begin[item + 1]; ++i) {
      const std::uint32_t column = features.column[i];
      // A feature of one item compares it with nothing, but it says how much else there is in the item's text.
      const double rarity = std::log(static_cast<double>(items + 1) / static_cast<double>(items_of[column]));
      const double weight = static_cast<double>(features.value[i]) * rarity;
      squares += weight * weight;
      if (items_of[column] > most || items_of[column] < 2) continue;
      feature_.push_back({column, static_cast<float>(weight)});
      ++entry_begin_[column + 1];
    }
    const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
    for (std::size_t i = begin; i < feature_.size(); ++i) feature_[i].weight *= scale;
    feature_begin_.push_back(feature_.size());
  }
  std::partial_sum(entry_begin_.begin(), entry_begin_.end(), entry_begin_.begin());
  entry_.resize(feature_.size());
  std::vector<std::uint64_t> next(entry_begin_.begin(), entry_begin_.end() - 1);
  for (std::size_t item = 0; item < items; ++item) {
    for (std::uint64_t i = feature_begin_[item]; i < feature_begin_[item + 1]; ++i) {
      entry_[next[feature_[i].column]++] = {static_cast<ItemIndex>(item), feature_[i].weight};
    }
  }
}

}  // namespace sotto::fit
