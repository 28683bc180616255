// The types behind the handles of the C ABI. Users and workspaces share their model, so that handles may be freed in
// any order.
#pragma once

#include <sotto/abi/sotto.h>
#include <sotto/personal/personal_model.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/personal_workspace.hpp>
#include <sotto/runtime/recommender.hpp>
#include <sotto/runtime/top_k.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace sotto::abi {

// An opened model file, and what learning needs of it. It stays where it is, because the second part points to the
// first.
struct OpenedModel {
  explicit OpenedModel(std::unique_ptr<Recommender> opened)
      : recommender(std::move(opened)), personal(recommender->engine()) {}
  OpenedModel(const OpenedModel&) = delete;
  OpenedModel& operator=(const OpenedModel&) = delete;

  [[nodiscard]] const Engine& engine() const noexcept { return recommender->engine(); }

  std::unique_ptr<Recommender> recommender;
  PersonalModel personal;
};

}  // namespace sotto::abi

struct sotto_model {
  std::shared_ptr<sotto::abi::OpenedModel> opened;
};

struct sotto_user {
  explicit sotto_user(const sotto_model& model) : opened(model.opened), value(opened->personal) {}

  std::shared_ptr<const sotto::abi::OpenedModel> opened;
  sotto::PersonalUser value;
};

struct sotto_workspace {
  explicit sotto_workspace(const sotto_model& model) : opened(model.opened), value(opened->personal) {}

  std::shared_ptr<const sotto::abi::OpenedModel> opened;
  sotto::PersonalWorkspace value;
  std::vector<sotto::ScoredItem> best;  // of a ranking, on its way into the caller's memory
};
