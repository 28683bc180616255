// Many personal users at once, for a server. The weights are read once for all of them.
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

// Gives the same bits as each user alone. Allocates at construction, and when users' own lists grow. One thread at a
// time may use it. In addition to its workspace, it has 8 bytes for each item and user of the group.
class PersonalGroup {
 public:
  static constexpr std::size_t max_users = SessionGroup::max_users;

  // Precondition: the workspace belongs to this model. Both must outlive the group.
  PersonalGroup(const PersonalModel& model, PersonalWorkspace& workspace);

  // Takes a click of each user, like PersonalSession::observe(items[i], times[i]) of users[i]. If any index is unknown,
  // fails with unknown_item and changes nothing. Precondition, here and below: there are at most max_users, each
  // belongs to this model, and no user appears twice; items.size() = times.size() = users.size().
  Status observe(std::span<PersonalUser* const> users, std::span<const ItemIndex> items,
                 std::span<const std::int64_t> times);
  // Takes an event of each user without learning from it, like PersonalSession::recall({items[i]}, {times[i]}) of
  // users[i]. Fails as observe does.
  Status recall(std::span<PersonalUser* const> users, std::span<const ItemIndex> items,
                std::span<const std::int64_t> times);

  // Calls act(i, session) for each user in turn. The session already has the head's results for scores and
  // recommendations, because they were computed for all users together. The session is valid until act returns.
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
  void advance(std::span<PersonalUser* const> users, std::span<const ItemIndex> items,
               std::span<const std::int64_t> times);
  void prepare(std::span<PersonalUser* const> users) noexcept;
  void compute_moves(std::span<PersonalUser* const> users) noexcept;
  void exchange(std::size_t n) noexcept;

  const PersonalModel* model_;
  PersonalWorkspace* workspace_;
  SessionGroup base_;
  std::vector<TasteMoves> moves_;  // [max_users]
};

}  // namespace sotto
