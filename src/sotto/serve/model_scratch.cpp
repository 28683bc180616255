#include <sotto/serve/model_scratch.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sotto::serve {
namespace {

// The current version, a candidate or a shadow, and the one before a change.
constexpr std::size_t max_scratch_models = 3;
constexpr std::size_t max_pair_lists = 4;

}  // namespace

ModelScratch::ModelScratch(ModelPointer model)
    : model_(std::move(model)), workspace_(model_->personal()), nobody_(model_->personal()) {}

PersonalGroup& ModelScratch::group() {
  if (!group_) group_ = std::make_unique<PersonalGroup>(model_->personal(), workspace_);
  return *group_;
}

const std::vector<ItemPair>& ModelScratch::pairs_from(const LoadedModel& other) {
  const auto found = pairs_.find(other.fingerprint());
  if (found != pairs_.end()) return found->second;
  if (pairs_.size() == max_pair_lists) pairs_.clear();
  return pairs_.emplace(other.fingerprint(), model_->pairs_from(other)).first->second;
}

ModelScratch& Scratch::of(const ModelPointer& model) {
  const auto found = std::ranges::find(models_, model.get(), [](const ModelScratch& one) { return &one.model(); });
  if (found != models_.end()) {
    models_.splice(models_.begin(), models_, found);
  } else {
    if (models_.size() == max_scratch_models) models_.pop_back();
    models_.emplace_front(model);
  }
  return models_.front();
}

}  // namespace sotto::serve
