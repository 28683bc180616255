// The fold of one user's stream of events, whatever delivers them: the same events in the same order give the same
// state in the Java stream, in the server, in `sotto stream --replay` and in a page.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/personal/feedback.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/personal_workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::stream {

struct FoldEvent {
  ItemIndex item = 0;
  FeedbackKind kind = FeedbackKind::click;
  float amount = 0;
  std::int64_t at = 0;  // seconds since 1970
  std::string_view id;  // empty: none
};

struct FoldCounts {
  std::uint64_t folded = 0;
  std::uint64_t late = 0;  // of those folded: earlier than an event before
  std::uint64_t repeated = 0;  // dropped: the event's id was among the user's latest ones
};

class UserFold {
 public:
  // So many ids of a user's events are remembered, the latest ones.
  static constexpr std::size_t remembered_ids = 64;

  // Starts as a user without events. The model must outlive the fold, and each workspace must belong to it.
  explicit UserFold(const PersonalModel& model) : model_(&model), user_(model) {}

  // Takes the next event. Fails as PersonalSession::feedback does, and then changes nothing.
  Status take(const FoldEvent& event, PersonalWorkspace& workspace);

  [[nodiscard]] const FoldCounts& counts() const noexcept { return counts_; }
  // The latest moment of a folded event; none before the first.
  [[nodiscard]] std::optional<std::int64_t> latest() const noexcept { return latest_; }

  // The best items at the latest moment. Precondition: there is one.
  [[nodiscard]] std::vector<ItemIndex> recommend(std::size_t count, PersonalWorkspace& workspace);
  // CRC-32C of the state as PersonalSession::export_state writes it.
  [[nodiscard]] std::uint32_t state_crc32c(PersonalWorkspace& workspace);

 private:
  [[nodiscard]] bool is_known(std::string_view id) const;
  void remember(std::string_view id);

  const PersonalModel* model_;
  PersonalUser user_;
  FoldCounts counts_;
  std::optional<std::int64_t> latest_;
  std::deque<std::string> ids_;  // oldest first
};

}  // namespace sotto::stream
