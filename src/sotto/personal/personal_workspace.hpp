// One thread's scratch memory for all personal users of a model. It has about 30 bytes for each item; a user has none.
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

// The content of a user that taste and state give: what the taste makes of the scores depends on both.
struct TasteRevision {
  Revision state = Revision::none();
  Revision taste = Revision::none();

  TasteRevision() = default;
  explicit TasteRevision(const PersonalUser& user) : state(user.state().revision()), taste(user.taste().revision()) {}
  bool operator==(const TasteRevision&) const = default;
};

// By how much a user's taste moves each logit, Q15.16.
struct TasteMoves {
  explicit TasteMoves(std::size_t items) : values(items) {}
  AlignedBuffer<std::int32_t> values;  // [items]
  TasteRevision of;
};

// As Workspace: any number of users may use it in any order, and one user alone computes nothing twice. One thread at a
// time may use it. Memory is taken at construction.
class PersonalWorkspace {
 public:
  // The model must outlive the workspace. Engine::sketch_head comes first, if the workspace is to search the sketch.
  explicit PersonalWorkspace(const PersonalModel& model);

  // For users without what is personal.
  [[nodiscard]] Workspace& base() noexcept { return base_; }

 private:
  friend class PersonalSession;
  friend class PersonalGroup;

  Workspace base_;
  MemoryLookup memory_lookup_;
  TasteWorkspace taste_;
  // Derived from the latest user.
  TasteRevision taste_of_;  // what the latest TasteLearner::at() was of
  TasteMoves moves_;
  AlignedBuffer<float> expected_;  // [items, padded to float_tile]: the probabilities by the model itself
  Revision expected_of_ = Revision::none();

  std::span<const MemoryEvidence> evidence_;  // of the latest moment
  std::vector<float> factors_;  // [history_capacity]: additions to the evidence's log-odds, or their exponentials
  AlignedBuffer<float> probabilities_;  // [items, padded to float_tile]
  AlignedBuffer<std::int32_t> scores_;  // [items]
  std::vector<ItemIndex> hidden_;  // [hidden_capacity]: at the moment of a recommendation
};

}  // namespace sotto
