// A personal session that owns its user, its workspace and its PersonalModel, for a program with one user. In a program
// with more users, each user is a PersonalUser, all share one PersonalModel, and the users of a thread share one
// workspace.
#pragma once

#include <sotto/personal/personal_session.hpp>

#include <memory>
#include <utility>

namespace sotto {

// Movable, not copyable.
class OwningPersonalSession : public PersonalSession {
 public:
  // Starts with a user without events. The engine must outlive the session.
  explicit OwningPersonalSession(const Engine& engine, const PersonalOptions& options = {})
      : OwningPersonalSession(std::make_unique<Owned>(engine, options)) {}

 private:
  struct Owned {
    Owned(const Engine& engine, const PersonalOptions& options)
        : model(engine, options), user(model), workspace(model) {}
    PersonalModel model;
    PersonalUser user;
    PersonalWorkspace workspace;
  };

  explicit OwningPersonalSession(std::unique_ptr<Owned> owned)
      : PersonalSession(owned->model, owned->user, owned->workspace), owned_(std::move(owned)) {}

  std::unique_ptr<Owned> owned_;
};

}  // namespace sotto
