// Works on one user whose recommender learns. Feedback is predicted and learned from, and scores and recommendations
// follow.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/personal/feedback.hpp>
#include <sotto/personal/gate.hpp>
#include <sotto/personal/lesson.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/personal/personal_workspace.hpp>
#include <sotto/runtime/session.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// An item's index in the states of another model, and its index in this model.
struct ItemPair {
  ItemIndex theirs;
  ItemIndex ours;
};

struct StoredPersonalState;

// A view that owns nothing, so a new one for each call is cheap. A copy works on the same user. Calls allocate only
// when the user's own lists grow, and when states are imported, merged or carried over.
//
// Deterministic: the same feedback and times on the same model give the same bytes in every build. Times are seconds
// since 1970 and are clamped to ±max_seconds. A time before the latest event is raised to that event's time.
class PersonalSession {
 public:
  // Preconditions: the user belongs to this model, and so does the workspace. All must outlive the session. No other
  // thread may use the user or the workspace meanwhile.
  PersonalSession(const PersonalModel& model, PersonalUser& user, PersonalWorkspace& workspace) noexcept
      : model_(&model), user_(&user), work_(&workspace) {}

  // Advances state and memory through events, oldest first, without learning from them. It serves for events from
  // before learning began. Precondition: times.size() = items.size(). Fails with unknown_item and then changes nothing.
  Status recall(std::span<const ItemIndex> items, std::span<const std::int64_t> times);

  // Takes a click: predicts the event, learns from it, then advances the state. Fails as recall does.
  Status observe(ItemIndex item, std::int64_t time) { return feedback(item, FeedbackKind::click, 0, time); }

  // Takes the user's feedback on an item. feedback.hpp defines the amount. Fails with unknown_item, or with
  // invalid_argument for an amount outside ±1e9, or ±1 for a rating, and then changes nothing.
  Status feedback(ItemIndex item, FeedbackKind kind, float amount, std::int64_t time);

  // These call PersonalUser's functions, which need no workspace.
  Status show(ItemIndex item) { return user_->show(*model_, item); }
  Status set_weight(FeedbackKind kind, float weight) { return user_->set_weight(kind, weight); }
  Status set_context(std::span<const ItemIndex> items, float belief) {
    return user_->set_context(*model_, items, belief);
  }
  void reset() noexcept { user_->reset(*model_); }
  void set_learning(bool on) noexcept { user_->set_learning(on); }

  // Returns all items' logits at a moment, Q15.16. They are the model's own logits, plus each learned part times the
  // gate's share (a geometric mixture of both predictions), plus the trend and the context. Valid until the workspace
  // is used again.
  [[nodiscard]] std::span<const std::int32_t> scores(std::int64_t now) noexcept;
  // Returns the model's own scores, like Session::scores.
  [[nodiscard]] std::span<const std::int32_t> base_scores() noexcept { return base().scores(); }

  // Recommends like Session::recommend, by these scores and without the items that are hidden at that moment. It
  // ignores options.hidden.
  [[nodiscard]] std::size_t recommend(std::int64_t now, const RecommendOptions& options,
                                      std::span<ScoredItem> best) noexcept;
  // Does the same by the model's own scores. For a user without events the result is the list of popular items. One
  // such user can serve all requests.
  [[nodiscard]] std::size_t recommend_base(std::int64_t now, const RecommendOptions& options,
                                           std::span<ScoredItem> best) noexcept;

  // Computes the logits of some items, as in scores(), without scoring all items under a binary head. Precondition:
  // logits.size() = candidates.size(). Fails with unknown_item and then changes nothing.
  Status candidate_scores(std::int64_t now, std::span<const ItemIndex> candidates, std::span<std::int32_t> logits);

  // Returns what the trend does for an item: its logit, Q15.16, minus the logit that it would have if the trend did not
  // name it. Fails with unknown_item.
  [[nodiscard]] Result<std::int32_t> trend_part(ItemIndex item, std::int64_t now);

  // Writes the whole user as bytes (docs/format.md). In addition to the engine's state, these are at most 16 kB and 80
  // bytes for each hidden unit. Precondition: out.size() = state_size().
  [[nodiscard]] std::size_t state_size() const noexcept;
  void export_state(std::span<std::byte> out) const noexcept;
  // Replaces the whole user. Refuses damaged bytes, another version and another model's state, each with its own error,
  // and then changes nothing.
  Status import_state(std::span<const std::byte> bytes);

  // Adds the same user's events and lessons from another device with the same model. Both devices then have the same
  // bytes, except for whether they learn. Events count once. The learned values become a mean, weighted by the events
  // that only one side has. Fails as import_state does.
  Status merge_state(std::span<const std::byte> bytes);

  // Replaces the whole user by the state of another version of the model. Events on items that are in no pair are left
  // out. Memory weights, gate and hidden items are kept. The taste is learned again from the latest events, which wait
  // for relearn(). Fails as import_state does, with unknown_item if a pair does not belong to this model, and with
  // invalid_argument if the pairs do not ascend by `theirs`.
  Status carry_over_state(std::span<const std::byte> bytes, std::span<const ItemPair> pairs);
  // Takes at most this many of the waiting events, oldest first. Each costs as much as an event that is learned from,
  // so that short calls keep a page responsive. Returns the number of events that still wait. Another event, or a
  // merge, takes all of them first.
  std::size_t relearn(std::size_t events);

  [[nodiscard]] const PersonalModel& model() const noexcept { return *model_; }
  [[nodiscard]] const PersonalUser& user() const noexcept { return *user_; }

 private:
  friend class PersonalGroup;

  [[nodiscard]] const Engine& engine() const noexcept { return model_->engine(); }
  [[nodiscard]] Session base() noexcept { return {engine(), user_->state_, work_->base_}; }
  [[nodiscard]] TasteLearner taste() noexcept { return {model_->taste(), user_->taste_, work_->taste_}; }
  [[nodiscard]] bool learns() const noexcept { return user_->learning_ && model_->can_learn(); }
  // Tells whether scores differ from the base's scores.
  [[nodiscard]] bool adds_to_scores() const noexcept {
    return learns() || model_->follows_trend() || user_->context_.is_believed();
  }
  void choose(ItemIndex item, float share, std::int64_t time);
  void choose_or_reinforce(ItemIndex item, float share, std::int64_t time);
  void learn_choice(ItemIndex item, float share, std::int64_t time) noexcept;
  void reinforce(ItemIndex item, float share, std::int64_t time) noexcept;
  void hide(ItemIndex item, float share, std::int64_t time, std::int64_t until);
  [[nodiscard]] bool is_at(ItemIndex item, std::int64_t time) const noexcept;
  [[nodiscard]] RecommendOptions hiding_at(std::int64_t now, RecommendOptions options) noexcept;
  [[nodiscard]] std::span<const std::int16_t> taste_vector() noexcept;
  void score_by_taste(float share) noexcept;
  void weigh_evidence(std::int64_t now) noexcept;
  void add_memory(float share) noexcept;
  void score_prediction(std::int64_t now) noexcept;
  void add_trend() noexcept;
  [[nodiscard]] Gate::Weights predict_each(ItemIndex item, std::int64_t now) noexcept;
  void learn(Lesson lesson) noexcept;
  void learn_taste(Lesson lesson) noexcept;
  [[nodiscard]] Status check(const StoredPersonalState& stored) const;
  void replay(std::span<const ItemIndex> items, std::span<const std::int64_t> times);
  void remember(ItemIndex item, std::int64_t time);
  void note(ItemIndex item, std::int64_t time);
  void relearn_all() { (void)relearn(user_->waiting()); }

  const PersonalModel* model_;
  PersonalUser* user_;
  PersonalWorkspace* work_;
};

}  // namespace sotto
