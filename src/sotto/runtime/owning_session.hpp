// A session that owns its user and its workspace, for a program with one user. In a program with more users, each user
// is a UserState, and the users of a thread share one workspace.
#pragma once

#include <sotto/runtime/session.hpp>

#include <memory>
#include <utility>

namespace sotto {

// Movable, not copyable.
class OwningSession : public Session {
 public:
  // Starts with a user without events. The engine must outlive the session.
  explicit OwningSession(const Engine& engine) : OwningSession(engine, std::make_unique<Owned>(engine)) {}

 private:
  struct Owned {
    explicit Owned(const Engine& engine) : state(engine), workspace(engine) {}
    UserState state;
    Workspace workspace;
  };

  OwningSession(const Engine& engine, std::unique_ptr<Owned> owned)
      : Session(engine, owned->state, owned->workspace), owned_(std::move(owned)) {}

  std::unique_ptr<Owned> owned_;
};

}  // namespace sotto
