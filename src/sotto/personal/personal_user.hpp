// One user's whole state: the engine's state, a memory of returns, a taste, the gate that weighs both, the belief in
// the trend, the items that were shown, and the items that the user asked not to see.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/personal/context.hpp>
#include <sotto/personal/event_times.hpp>
#include <sotto/personal/feedback.hpp>
#include <sotto/personal/gate.hpp>
#include <sotto/personal/hidden_items.hpp>
#include <sotto/personal/impressions.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/personal/trend_belief.hpp>
#include <sotto/runtime/user_state.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// A value without a pointer into itself or into the model. Its size does not depend on the number of items. Operations
// on it need a workspace (personal_session.hpp, personal_group.hpp). One thread at a time may use it.
class PersonalUser {
 public:
  // Starts as a user without events. Users work with every engine of the same model.
  explicit PersonalUser(const PersonalModel& model);

  [[nodiscard]] const UserState& state() const noexcept { return state_; }
  // The times of the remembered events in state().history(), in seconds since 1970.
  [[nodiscard]] std::span<const std::int64_t> times() const noexcept { return times_.all(); }
  [[nodiscard]] std::span<const float, memory_weights> memory_weight() const noexcept { return memory_weight_; }
  [[nodiscard]] const Taste& taste() const noexcept { return taste_; }
  [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
  [[nodiscard]] const TrendBelief& trend_belief() const noexcept { return trend_belief_; }
  [[nodiscard]] const HiddenItems& hidden() const noexcept { return hidden_; }
  [[nodiscard]] const Impressions& impressions() const noexcept { return impressions_; }
  [[nodiscard]] const Context& context() const noexcept { return context_; }
  [[nodiscard]] const FeedbackWeights& weights() const noexcept { return weights_; }

  // Ends the hiding of an item. Fails with unknown_item.
  Status show(const PersonalModel& model, ItemIndex item);

  // Tells the user what the present is, before an event of it. If the latest event is more than a day later, a clock
  // was wrong for a while: times after `now` are lowered to it, and hiding ends as if it had begun then.
  void correct_times(std::int64_t now) noexcept;

  // Sets the weight of a kind of feedback for this user. Fails with invalid_argument for a weight outside 0 …
  // max_feedback_weight.
  Status set_weight(FeedbackKind kind, float weight);

  // Sets the site's knowledge of why the user came (context.hpp), for the next events. belief, 0 … 1, is the site's
  // certainty that the choices are among these items. Without items or belief, the context has no effect. It is not
  // stored, and has no effect under a binary head. Fails with unknown_item, or with invalid_argument for another
  // belief, and then changes nothing.
  Status set_context(const PersonalModel& model, std::span<const ItemIndex> items, float belief);

  // Forgets the user and all learned values, and switches learning on. The weights of feedback stay.
  void reset(const PersonalModel& model) noexcept;

  // If learning is off, events advance state and memory without learning, and scores are the base's. The learned values
  // are kept.
  void set_learning(bool on) noexcept { learning_ = on; }
  [[nodiscard]] bool learning() const noexcept { return learning_; }

  // The number of events that wait for PersonalSession::relearn(). They are in no exported state.
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_items_.size() - relearned_; }

 private:
  friend class PersonalSession;
  friend class PersonalGroup;

  void clear_waiting() noexcept;

  UserState state_;
  EventTimes times_;
  std::array<float, memory_weights> memory_weight_;
  Taste taste_;
  Gate gate_;
  TrendBelief trend_belief_;
  HiddenItems hidden_;
  Impressions impressions_;
  Context context_;
  FeedbackWeights weights_;
  bool learning_ = true;
  std::vector<ItemIndex> waiting_items_;  // for relearn(), oldest first
  std::vector<std::int64_t> waiting_times_;
  std::size_t relearned_ = 0;  // number of those events that were learned again
};

}  // namespace sotto
