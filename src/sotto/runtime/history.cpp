#include <sotto/runtime/history.hpp>

namespace sotto {

void History::observe(ItemIndex item) {
  if (events_.size() == history_capacity) events_.erase(events_.begin());
  events_.push_back(item);
}

}  // namespace sotto
