// The state that the engine carries from event to event of one user: the LSTM's state, the head's input and the latest
// events. It is a value without a pointer into itself or into the engine. Its size does not depend on the number of
// items.
#pragma once

#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/history.hpp>
#include <sotto/runtime/revision.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

struct StoredState;

// The number of values that a model carries from event to event: for each layer the cell and the hidden state, then the
// head's input. Each has hidden_dim values.
[[nodiscard]] constexpr std::size_t carried_values(const Architecture& architecture) noexcept {
  return (2 * std::size_t{architecture.layers} + 1) * architecture.hidden_dim;
}

// Operations on it need a workspace (session.hpp, session_group.hpp). It works with every engine of the same model. One
// thread at a time may use it.
class UserState {
 public:
  // Starts as a user without events.
  explicit UserState(const Engine& engine);

  // Forgets the user.
  void reset() noexcept;
  // Takes over a stored state. Precondition: check_state (stored_state.hpp) confirmed that it belongs to this model.
  void restore(const StoredState& stored);

  // The number of observed events. It stops counting at 2^32 - 1.
  [[nodiscard]] std::uint32_t events() const noexcept { return events_; }
  // The latest events, oldest first, at most history_capacity.
  [[nodiscard]] std::span<const ItemIndex> history() const noexcept { return history_.events(); }
  // The head's input, Q3.12 [hidden_dim].
  [[nodiscard]] std::span<const std::int16_t> head_input() const noexcept {
    return std::span(carried_).last(hidden_dim_);
  }
  // [carried_values()]
  [[nodiscard]] std::span<const std::int16_t> carried() const noexcept { return carried_; }
  // Changes with every change of this state.
  [[nodiscard]] const Revision& revision() const noexcept { return revision_; }

 private:
  friend class Session;
  friend class SessionGroup;

  [[nodiscard]] std::span<std::int16_t> cell(std::size_t layer) noexcept {
    return std::span(carried_).subspan(2 * layer * hidden_dim_, hidden_dim_);
  }
  [[nodiscard]] std::span<std::int16_t> hidden(std::size_t layer) noexcept {
    return std::span(carried_).subspan((2 * layer + 1) * hidden_dim_, hidden_dim_);
  }
  [[nodiscard]] std::span<std::int16_t> writable_head_input() noexcept { return std::span(carried_).last(hidden_dim_); }

  std::vector<std::int16_t> carried_;
  History history_;
  Revision revision_;
  std::uint32_t events_ = 0;
  std::uint32_t hidden_dim_;
};

}  // namespace sotto
