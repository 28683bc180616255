// Many personal users at once, for a server: the weights are read once for all of them.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/personal/personal_session.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/personal_workspace.hpp>
#include <sotto/runtime/session_group.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace sotto {

// Gives the bits that each user alone would get. Allocates at construction, and where users' own lists grow. One thread
// at a time may use it. Beside its workspace it has 8 bytes for each item and user of the group.
class PersonalGroup {
 public:
  static constexpr std::size_t max_users = SessionGroup::max_users;

  // The workspace is one of this model's. Both must outlive the group.
  PersonalGroup(const PersonalModel& model, PersonalWorkspace& workspace);

  // A click of each user, as PersonalSession::observe(items[i], times[i]) of users[i]. Fails with unknown_item,
  // changing nothing, if any index is unknown.
  // Precondition, here and below: at most max_users, each of this model, none of them twice; items.size() =
  // times.size() = users.size().
  Status observe(std::span<PersonalUser* const> users, std::span<const ItemIndex> items,
                 std::span<const std::int64_t> times);

  // Calls act(i, session) for each user in turn. What the session needs of the head for scores and recommendations was
  // computed for all users together. The session is valid until act returns.
  template <class Act>
  void for_each_user(std::span<PersonalUser* const> users, Act act) {
    prepare(users);
    for (std::size_t n = 0; n < users.size(); ++n) {
      exchange(n);
      act(n, PersonalSession(*model_, *users[n], *workspace_));
      exchange(n);
    }
  }

 private:
  void prepare(std::span<PersonalUser* const> users) noexcept;
  void compute_moves(std::span<PersonalUser* const> users) noexcept;
  void exchange(std::size_t n) noexcept;

  const PersonalModel* model_;
  PersonalWorkspace* workspace_;
  SessionGroup base_;
  std::vector<TasteMoves> moves_;  // [max_users]
};

}  // namespace sotto
