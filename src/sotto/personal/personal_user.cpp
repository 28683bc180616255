#include <sotto/personal/personal_user.hpp>

namespace sotto {

PersonalUser::PersonalUser(const PersonalModel& model)
    : state_(model.engine()),
      memory_weight_(model.first_memory_weight()),
      taste_(model.taste(), model.first_parts()),
      weights_(model.options().weights) {}

void PersonalUser::clear_waiting() noexcept {
  waiting_items_ = {};
  waiting_times_ = {};
  relearned_ = 0;
}

}  // namespace sotto
