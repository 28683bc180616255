// One thread's scratch memory for the versions that it serves.
#pragma once

#include <sotto/personal/personal_group.hpp>
#include <sotto/personal/personal_session.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/personal_workspace.hpp>
#include <sotto/runtime/top_k.hpp>
#include <sotto/serve/deployment.hpp>

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace sotto::serve {

// Scratch for one version. It keeps the version alive. One thread at a time may use it.
class ModelScratch {
 public:
  explicit ModelScratch(ModelPointer model);

  [[nodiscard]] const LoadedModel& model() const noexcept { return *model_; }
  [[nodiscard]] const ModelPointer& pointer() const noexcept { return model_; }
  [[nodiscard]] PersonalSession session(PersonalUser& user) noexcept { return {model_->personal(), user, workspace_}; }
  [[nodiscard]] Workspace& base() noexcept { return workspace_.base(); }
  // It has 128 bytes for each item, and is made when it is first needed.
  [[nodiscard]] PersonalGroup& group();
  // A user without events, for lists that are everybody's.
  [[nodiscard]] PersonalUser& nobody() noexcept { return nobody_; }
  // LoadedModel::pairs_from, which is computed once for each of the latest versions.
  [[nodiscard]] const std::vector<ItemPair>& pairs_from(const LoadedModel& other);

  std::vector<std::uint8_t> allowed;  // [items] for RecommendOptions
  std::vector<ItemIndex> excluded;
  std::vector<ScoredItem> best;

 private:
  ModelPointer model_;
  PersonalWorkspace workspace_;
  std::unique_ptr<PersonalGroup> group_;
  PersonalUser nobody_;
  std::map<std::uint64_t, std::vector<ItemPair>> pairs_;  // by the other version's fingerprint
};

// One thread's scratch for the versions that it used last.
class Scratch {
 public:
  [[nodiscard]] ModelScratch& of(const ModelPointer& model);

 private:
  std::list<ModelScratch> models_;  // the latest one first
};

}  // namespace sotto::serve
