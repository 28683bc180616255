// One thread's scratch memory for all personal users of a model. It has about 30 bytes for each item. A user has none.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/personal/memory_lookup.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/runtime/revision.hpp>
#include <sotto/runtime/workspace.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// The revisions of a user's taste and state. The effect of the taste on the scores depends on both.
struct TasteRevision {
  Revision state = Revision::none();
  Revision taste = Revision::none();

  TasteRevision() = default;
  explicit TasteRevision(const PersonalUser& user) : state(user.state().revision()), taste(user.taste().revision()) {}
  bool operator==(const TasteRevision&) const = default;
};

// The changes of a user's taste to each logit, Q15.16.
struct TasteMoves {
  explicit TasteMoves(std::size_t items) : values(items) {}
  AlignedBuffer<std::int32_t> values;  // [items]; without meaning where `are_zero`
  TasteRevision of;
  bool are_zero = false;  // the taste adds nothing, as for a user from whom nothing was learned
};

// The rules of Workspace apply. Any number of users may use it in any order, and a single user computes nothing twice.
// One thread at a time may use it. Memory is allocated at construction.
class PersonalWorkspace {
 public:
  // The model must outlive the workspace. If the workspace is to search the sketch, call Engine::sketch_head first.
  explicit PersonalWorkspace(const PersonalModel& model);

  // The workspace for users without personal parts.
  [[nodiscard]] Workspace& base() noexcept { return base_; }

 private:
  friend class PersonalSession;
  friend class PersonalGroup;

  Workspace base_;
  MemoryLookup memory_lookup_;
  TasteWorkspace taste_;
  // Values that depend on the latest user.
  TasteRevision taste_of_;  // revision of the latest TasteLearner::at()
  TasteMoves moves_;
  AlignedBuffer<float> expected_;  // [items, padded to float_tile]: the model's own probabilities
  Revision expected_of_ = Revision::none();

  std::span<const MemoryEvidence> evidence_;  // at the latest moment
  std::vector<float> factors_;  // [history_capacity]: additions to the evidence's log-odds, or their exponentials
  AlignedBuffer<float> probabilities_;  // [items, padded to float_tile]
  AlignedBuffer<std::int32_t> scores_;  // [items]
  std::vector<ItemIndex> hidden_;  // [hidden_capacity]: items that are hidden at the moment of a recommendation
};

}  // namespace sotto
