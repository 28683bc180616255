#include <sotto/personal/personal_user.hpp>

namespace sotto {

PersonalUser::PersonalUser(const PersonalModel& model)
    : state_(model.engine()),
      memory_weight_(model.first_memory_weight()),
      taste_(model.taste(), model.first_parts()),
      weights_(model.options().weights) {}

Status PersonalUser::show(const PersonalModel& model, ItemIndex item) {
  if (auto status = model.engine().check_items({&item, 1}); !status) return status;
  hidden_.show(item);
  return Ok{};
}

void PersonalUser::correct_times(std::int64_t now) noexcept {
  constexpr std::int64_t far_ahead = 86'400;
  now = clamp_seconds(now);
  const auto times = times_.all();
  if (times.empty() || times.back() - now <= far_ahead) return;
  times_.lower_to(now);
  hidden_.lower_to(now + dismissal_seconds);
}

Status PersonalUser::set_weight(FeedbackKind kind, float weight) {
  if (!(weight >= 0 && weight <= max_feedback_weight)) {
    return Error{ErrorCode::invalid_argument, "the weight of a kind of feedback is not a number from 0 to 10"};
  }
  weights_.of[static_cast<std::size_t>(kind)] = weight;
  return Ok{};
}

Status PersonalUser::set_context(const PersonalModel& model, std::span<const ItemIndex> items, float belief) {
  if (auto status = model.engine().check_items(items); !status) return status;
  if (!(belief >= 0 && belief <= 1)) {
    return Error{ErrorCode::invalid_argument, "the belief in a context is not a number from 0 to 1"};
  }
  if (model.can_learn()) context_.set(items, belief);
  return Ok{};
}

void PersonalUser::reset(const PersonalModel& model) noexcept {
  clear_waiting();
  state_.reset();
  times_.clear();
  gate_.clear();
  trend_belief_.clear();
  hidden_.clear();
  impressions_.clear();
  context_.clear();
  learning_ = true;
  memory_weight_ = model.first_memory_weight();
  taste_.clear(model.first_parts());
}

void PersonalUser::clear_waiting() noexcept {
  waiting_items_ = {};
  waiting_times_ = {};
  relearned_ = 0;
}

}  // namespace sotto
