#include <sotto/base/internal/bytes.hpp>
#include <sotto/runtime/stored_state.hpp>
#include <sotto/runtime/user_state.hpp>

#include <algorithm>
#include <cstring>

namespace sotto {

UserState::UserState(const Engine& engine)
    : carried_(carried_values(engine.architecture())), hidden_dim_(engine.architecture().hidden_dim) {}

void UserState::reset() noexcept {
  std::ranges::fill(carried_, std::int16_t{0});
  history_.clear();
  events_ = 0;
  revision_ = {};
}

void UserState::restore(const StoredState& stored) {
  std::memcpy(carried_.data(), stored.carried.data(), stored.carried.size_bytes());
  history_.assign(stored.history);
  events_ = stored.events;
  revision_.renew();
}

}  // namespace sotto
