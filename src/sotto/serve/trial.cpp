#include <sotto/personal/personal_session.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/personal_workspace.hpp>
#include <sotto/serve/trial.hpp>

#include <array>

namespace sotto::serve {

Status try_recommendation(const LoadedModel& model) {
  PersonalUser user(model.personal());
  PersonalWorkspace workspace(model.personal());
  PersonalSession session(model.personal(), user, workspace);
  if (auto observed = session.observe(0, 0); !observed) return observed;
  std::array<ScoredItem, 1> best{};
  if (session.recommend(0, {}, best) == 0) return Error{ErrorCode::malformed, "the model recommends nothing"};
  return Ok{};
}

}  // namespace sotto::serve
