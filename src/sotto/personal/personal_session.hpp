// One user whose recommender learns, at work: feedback is predicted and learned from, scores and recommendations
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

// An item under the index that another model's states have for it, and under this model's.
struct ItemPair {
  ItemIndex theirs;
  ItemIndex ours;
};

struct StoredPersonalState;

// A view that owns nothing: it is cheap to make, so make one for each call if you like. A copy works on the same user.
// Calls allocate only where the user's own lists grow, and where states are imported, merged or carried over.
//
// Deterministic: the same feedback and times on the same model give the same bytes in every build. Times are seconds
// since 1970 and are cut to ±max_seconds. A time before the latest event is raised to that event's time.
class PersonalSession {
 public:
  // The user is of this model, the workspace is one of this model's. All must outlive the session; no other thread may
  // use the user or the workspace meanwhile.
  PersonalSession(const PersonalModel& model, PersonalUser& user, PersonalWorkspace& workspace) noexcept
      : model_(&model), user_(&user), work_(&workspace) {}

  // Carries state and memory through events, oldest first, without learning from them: what happened before learning
  // began. times.size() = items.size(). Fails with unknown_item, changing nothing.
  Status recall(std::span<const ItemIndex> items, std::span<const std::int64_t> times);

  // A click: predicts the event, learns from it, then carries the state on. Fails as recall does.
  Status observe(ItemIndex item, std::int64_t time) { return feedback(item, FeedbackKind::click, 0, time); }

  // Takes in what the user did with an item; feedback.hpp says what the amount is. Fails with unknown_item, and with
  // invalid_argument for an amount that is not finite, changing nothing.
  Status feedback(ItemIndex item, FeedbackKind kind, float amount, std::int64_t time);

  // As PersonalUser has them, which needs no workspace for them.
  Status show(ItemIndex item) { return user_->show(*model_, item); }
  Status set_weight(FeedbackKind kind, float weight) { return user_->set_weight(kind, weight); }
  Status set_context(std::span<const ItemIndex> items, float belief) {
    return user_->set_context(*model_, items, belief);
  }
  void reset() noexcept { user_->reset(*model_); }
  void set_learning(bool on) noexcept { user_->set_learning(on); }

  // All items' logits at a moment, Q15.16: the model's own, then what this user taught, each part of it by the gate's
  // share (a geometric mixture of both predictions), then the context. Valid until the workspace is used again.
  [[nodiscard]] std::span<const std::int32_t> scores(std::int64_t now) noexcept;
  // The model's own scores, as Session::scores.
  [[nodiscard]] std::span<const std::int32_t> base_scores() noexcept { return base().scores(); }

  // As Session::recommend, by these scores and without what is hidden at that moment; options.hidden is ignored.
  [[nodiscard]] std::size_t recommend(std::int64_t now, const RecommendOptions& options,
                                      std::span<ScoredItem> best) noexcept;
  // The same by the model's own scores. For a user without events this is the popular items' list: keep one such user
  // for all who ask.
  [[nodiscard]] std::size_t recommend_base(std::int64_t now, const RecommendOptions& options,
                                           std::span<ScoredItem> best) noexcept;

  // The logits of some items, as in scores(), but without scoring all items under a binary head; logits.size() =
  // candidates.size(). Fails with unknown_item, changing nothing.
  Status candidate_scores(std::int64_t now, std::span<const ItemIndex> candidates, std::span<std::int32_t> logits);

  // Everything as bytes (docs/format.md): beside the engine's state at most 16 kB and 80 bytes for each hidden unit.
  // out.size() = state_size().
  [[nodiscard]] std::size_t state_size() const noexcept;
  void export_state(std::span<std::byte> out) const noexcept;
  // Replaces everything. Refuses damaged bytes, another version and another model's state by name, changing nothing.
  Status import_state(std::span<const std::byte> bytes);

  // Adds what the same user did and taught on another device, with the same model. Both devices then have the same
  // bytes, except for whether they learn. Events count once. What was learned becomes a mean, weighted by the events
  // that only one side has. Fails as import_state does.
  Status merge_state(std::span<const std::byte> bytes);

  // Replaces everything by the state of another version of the model. Events of items that are in no pair are left out.
  // Memory weights, gate and hidden items are kept. The taste is learned again from the latest events, which wait for
  // relearn(). Fails as import_state does, with unknown_item for a pair that is not of this model, and with
  // invalid_argument where the pairs do not ascend by `theirs`.
  Status carry_over_state(std::span<const std::byte> bytes, std::span<const ItemPair> pairs);
  // Takes in at most so many of the waiting events, the older ones first. Each costs what an event does that is learned
  // from, so that a page can stay responsive meanwhile. Returns how many are left. Another event, or a merge, takes
  // them all in first.
  std::size_t relearn(std::size_t events);

  [[nodiscard]] const PersonalModel& model() const noexcept { return *model_; }
  [[nodiscard]] const PersonalUser& user() const noexcept { return *user_; }

 private:
  friend class PersonalGroup;

  [[nodiscard]] const Engine& engine() const noexcept { return model_->engine(); }
  [[nodiscard]] Session base() noexcept { return {engine(), user_->state_, work_->base_}; }
  [[nodiscard]] TasteLearner taste() noexcept { return {model_->taste(), user_->taste_, work_->taste_}; }
  [[nodiscard]] bool learns() const noexcept { return user_->learning_ && model_->can_learn(); }
  // Whether scores differ from the base's.
  [[nodiscard]] bool adds_to_scores() const noexcept { return learns() || user_->context_.is_believed(); }
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
