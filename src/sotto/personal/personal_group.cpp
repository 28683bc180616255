#include <sotto/personal/personal_group.hpp>
#include <sotto/runtime/internal/head_input.hpp>

#include <array>

namespace sotto {

PersonalGroup::PersonalGroup(const PersonalModel& model, PersonalWorkspace& workspace)
    : model_(&model), workspace_(&workspace), base_(model.engine(), workspace.base_) {
  for (std::size_t n = 0; n < max_users; ++n) moves_.emplace_back(model.engine().architecture().items);
}

Status PersonalGroup::observe(std::span<PersonalUser* const> users, std::span<const ItemIndex> items,
                              std::span<const std::int64_t> times) {
  if (auto status = model_->engine().check_items(items); !status) return status;
  for (PersonalUser* user : users) PersonalSession(*model_, *user, *workspace_).relearn_all();
  for_each_user(users, [&](std::size_t n, PersonalSession session) {
    session.learn_choice(items[n], users[n]->weights()[FeedbackKind::click], clamp_seconds(times[n]));
  });
  advance(users, items, times);
  return Ok{};
}

Status PersonalGroup::recall(std::span<PersonalUser* const> users, std::span<const ItemIndex> items,
                             std::span<const std::int64_t> times) {
  if (auto status = model_->engine().check_items(items); !status) return status;
  for (PersonalUser* user : users) PersonalSession(*model_, *user, *workspace_).relearn_all();
  advance(users, items, times);
  return Ok{};
}

void PersonalGroup::advance(std::span<PersonalUser* const> users, std::span<const ItemIndex> items,
                            std::span<const std::int64_t> times) {
  std::array<UserState*, max_users> states{};
  for (std::size_t n = 0; n < users.size(); ++n) states[n] = &users[n]->state_;
  base_.observe_known(std::span(states).first(users.size()), items);
  for (std::size_t n = 0; n < users.size(); ++n) {
    PersonalSession(*model_, *users[n], *workspace_).note(items[n], clamp_seconds(times[n]));
  }
}

void PersonalGroup::prepare(std::span<PersonalUser* const> users) noexcept {
  std::array<UserState*, max_users> states{};
  for (std::size_t n = 0; n < users.size(); ++n) states[n] = &users[n]->state_;
  base_.compute_scores(std::span(states).first(users.size()));
  if (model_->can_learn() && model_->options().taste) compute_moves(users);
}

// Computes the same moves as PersonalSession::score_by_taste, for users who learn and whose place does not have them
// yet.
void PersonalGroup::compute_moves(std::span<PersonalUser* const> users) noexcept {
  std::array<int, max_users> down{};
  std::array<std::int32_t*, max_users> out{};
  std::size_t count = 0;
  for (std::size_t n = 0; n < users.size(); ++n) {
    const TasteRevision revision(*users[n]);
    if (!users[n]->learning() || moves_[n].of == revision) continue;
    PersonalSession session(*model_, *users[n], *workspace_);
    const auto vector = session.taste_vector();
    moves_[n].of = revision;
    moves_[n].are_zero = adds_nothing(vector);
    if (moves_[n].are_zero) continue;
    down[count] = quantize_head_input(vector, base_.head_input(count));
    out[count++] = moves_[n].values.data();
  }
  if (count == 0) return;
  const Engine& engine = model_->engine();
  engine.head().products(engine.kernels(), {base_.inputs_u7_.data(), down.data(), count}, out.data());
}

void PersonalGroup::exchange(std::size_t n) noexcept {
  base_.exchange_scores(n);
  std::swap(workspace_->moves_, moves_[n]);
}

}  // namespace sotto
