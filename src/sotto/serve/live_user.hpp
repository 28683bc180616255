// A user in memory. All of it can be thrown away at any moment: the store has everything.
#pragma once

#include <sotto/personal/personal_user.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/store/store.hpp>

#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace sotto::serve {

// Events that are in the store and not yet in the state. The writer adds them and must not wait for a fold, so they
// have a lock of their own.
class WaitingEvents {
 public:
  // Beyond so many events, they are read from the store again.
  static constexpr std::size_t capacity = 256;

  // Events were committed; the last of them has the number head.last.
  void add(store::UserHead head, std::span<const store::Event> events);
  // The user's state in memory is that of this head: what is not later waits no more.
  void settle(store::UserHead head);
  // Where the user stands, as far as this process knows.
  [[nodiscard]] store::UserHead newest() const;
  // The events between both heads, if all of them are here. They then wait no more.
  [[nodiscard]] std::optional<std::vector<store::Event>> take(store::UserHead after, store::UserHead upto);

 private:
  mutable std::mutex mutex_;
  store::UserHead newest_;
  std::vector<store::Event> events_;  // the last of them has the number newest_.last
};

struct LiveUser {
  std::mutex mutex;  // guards all but `waiting`
  ModelPointer model;  // the version that the state belongs to
  std::optional<PersonalUser> state;  // absent before it is read from the store
  store::UserHead folded;  // what the state has
  WaitingEvents waiting;
};

}  // namespace sotto::serve
