// Many users at once, for a server and an evaluation. The weights are read once for all of them.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/runtime/session.hpp>
#include <sotto/runtime/user_state.hpp>
#include <sotto/runtime/workspace.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace sotto {

// Allocates at construction, and when users' histories grow. One thread at a time may use it. In addition to its
// workspace, it has 4 bytes for each item and user of the group.
class SessionGroup {
 public:
  static constexpr std::size_t max_users = 16;

  // Precondition: the workspace belongs to this engine. Both must outlive the group.
  SessionGroup(const Engine& engine, Workspace& workspace);

  // Advances users[i] by one event, with the same bits as Session::observe(items[i]). If any index is unknown, fails
  // with unknown_item and changes nothing. Precondition, here and below: there are at most max_users, each belongs to
  // this engine's model, and no user appears twice; items.size() = users.size().
  Status observe(std::span<UserState* const> users, std::span<const ItemIndex> items);
  // Does the same for items that were checked before. Precondition: each is an item of the catalogue.
  void observe_known(std::span<UserState* const> users, std::span<const ItemIndex> items);

  // Calls act(i, session) for each user in turn. The session already has the scores, because those of all users were
  // computed together. The session is valid until act returns.
  template <class Act>
  void for_each_user(std::span<UserState* const> users, Act act) {
    compute_scores(users);
    for (std::size_t n = 0; n < users.size(); ++n) {
      exchange_scores(n);
      act(n, Session(*engine_, *users[n], *workspace_));
      exchange_scores(n);
    }
  }

 private:
  friend class PersonalGroup;

  void compute_scores(std::span<UserState* const> users) noexcept;
  void exchange_scores(std::size_t n) noexcept { std::swap(workspace_->scores_, scores_[n]); }
  [[nodiscard]] std::uint8_t* head_input(std::size_t n) noexcept;
  void step(std::span<UserState* const> users, std::span<const ItemIndex> items) noexcept;

  const Engine* engine_;
  Workspace* workspace_;
  AlignedBuffer<std::uint8_t> inputs_u7_;  // a layer's or the head's inputs [max_users × the widest, padded]
  AlignedBuffer<std::uint8_t> hidden_u7_;  // a layer's hidden states [max_users × padded H]
  AlignedBuffer<std::int32_t> input_sums_;  // [max_users × 4H]
  AlignedBuffer<std::int32_t> hidden_sums_;  // [max_users × 4H]
  std::vector<ItemScores> scores_;  // [max_users]
};

}  // namespace sotto
