#include <sotto/serve/loaded_model.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::serve {
namespace {

// Below this a sketch of the head gains little (docs/performance.md).
constexpr ItemIndex min_sketched_items = 300'000;

// As the package splits them (wasm/package/src/categories.ts): an item is once in each of its categories, and an empty
// name is none.
template <class Take>
void for_each_category(std::string_view field, Take take) {
  while (true) {
    const std::size_t end = field.find('|');
    take(field.substr(0, end));
    if (end == std::string_view::npos) return;
    field.remove_prefix(end + 1);
  }
}

}  // namespace

LoadedModel::LoadedModel(std::string name, std::unique_ptr<Recommender> recommender)
    : name_(std::move(name)),
      version_(fmt::format("{:016x}", recommender->engine().fingerprint())),
      recommender_(std::move(recommender)) {
  const Catalogue& catalogue = recommender_->info().catalogue;
  if (catalogue.size() >= min_sketched_items) recommender_->sketch_head();
  personal_ = std::make_unique<PersonalModel>(recommender_->engine());

  index_.reserve(catalogue.item_ids.size());
  for (ItemIndex item = 0; item < catalogue.size(); ++item) index_.emplace(catalogue.item_ids[item], item);
  for (ItemIndex item = 0; item < catalogue.categories.size(); ++item) {
    for_each_category(catalogue.categories[item], [&](std::string_view category) {
      if (category.empty()) return;
      auto& items = by_category_[category];
      if (items.empty() || items.back() != item) items.push_back(item);
    });
  }
}

Result<std::shared_ptr<const LoadedModel>> LoadedModel::open(std::string name, AlignedBuffer<std::byte> file) {
  auto recommender = Recommender::open(std::move(file));
  if (!recommender) return std::move(recommender).error();
  return std::shared_ptr<const LoadedModel>(new LoadedModel(std::move(name), std::move(recommender).value()));
}

std::optional<ItemIndex> LoadedModel::find(std::string_view item_id) const {
  const auto found = index_.find(item_id);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

const std::vector<ItemIndex>& LoadedModel::items_of(std::string_view category) const {
  static const std::vector<ItemIndex> none;
  const auto found = by_category_.find(category);
  return found == by_category_.end() ? none : found->second;
}

std::vector<ItemPair> LoadedModel::pairs_from(const LoadedModel& other) const {
  std::vector<ItemPair> pairs;
  const Catalogue& theirs = other.catalogue();
  for (ItemIndex item = 0; item < theirs.size(); ++item) {
    if (const auto ours = find(theirs.item_ids[item])) pairs.push_back({item, *ours});
  }
  return pairs;
}

}  // namespace sotto::serve
