// Users and workspaces: made, described, freed.
#include <sotto/abi/border.hpp>

#include <sotto/personal/internal/stored_personal_state.hpp>

#include <cstdint>

using namespace sotto::abi;

std::int32_t sotto_user_new(const sotto_model* model, sotto_user** user) {
  if (const auto refused = check_given(model, "model"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  *user = new sotto_user(*model);
  return SOTTO_OK;
}

void sotto_user_free(sotto_user* user) { delete user; }

std::int32_t sotto_user_reset(sotto_user* user) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  user->value.reset(user->opened->personal);
  return SOTTO_OK;
}

std::int32_t sotto_user_describe(const sotto_user* user, sotto_user_info* info) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(info, "info"); refused != SOTTO_OK) return refused;
  const sotto::PersonalUser& value = user->value;
  *info = {.events = value.state().events(),
           .state_size = static_cast<std::uint32_t>(sotto::stored_size(value)),
           .history = static_cast<std::uint32_t>(value.state().history().size()),
           .hidden = static_cast<std::uint32_t>(value.hidden().all().size()),
           .learning = value.learning() ? 1U : 0U,
           .waiting = static_cast<std::uint32_t>(value.waiting())};
  return SOTTO_OK;
}

std::int32_t sotto_workspace_new(const sotto_model* model, sotto_workspace** workspace) {
  if (const auto refused = check_given(model, "model"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(workspace, "workspace"); refused != SOTTO_OK) return refused;
  *workspace = new sotto_workspace(*model);
  return SOTTO_OK;
}

void sotto_workspace_free(sotto_workspace* workspace) { delete workspace; }
