#include <sotto/numeric/kernels.hpp>
#include <sotto/personal/hidden_items.hpp>
#include <sotto/personal/personal_workspace.hpp>

namespace sotto {

PersonalWorkspace::PersonalWorkspace(const PersonalModel& model)
    : base_(model.engine()),
      memory_lookup_(model.engine().architecture().items),
      taste_(model.taste()),
      moves_(model.engine().architecture().items),
      expected_(round_up(model.engine().architecture().items, float_tile)),
      factors_(history_capacity),
      probabilities_(expected_.size()),
      scores_(model.engine().architecture().items) {
  hidden_.reserve(hidden_capacity);
}

}  // namespace sotto
