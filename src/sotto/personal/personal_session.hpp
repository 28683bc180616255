// One user whose recommender learns: a session over the shared engine, and beside it what this user taught it. A
// memory of returns, a taste, and the gate that says how far both are to be trusted; what was shown, and what the user
// asked not to see.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/personal/context.hpp>
#include <sotto/personal/feedback.hpp>
#include <sotto/personal/gate.hpp>
#include <sotto/personal/hidden_items.hpp>
#include <sotto/personal/impressions.hpp>
#include <sotto/personal/lesson.hpp>
#include <sotto/personal/memory.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/session.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// Which parts learn. Without the gate, what was learned counts in full.
struct PersonalOptions {
  bool memory = true;
  bool taste = true;
  bool gate = true;
  FeedbackWeights weights{};
};

// An item under the index that another model's states have for it, and under this model's.
struct ItemPair {
  ItemIndex theirs;
  ItemIndex ours;
};

struct StoredPersonalState;

// All memory is taken at construction. Deterministic: the same feedback and times on the same model give the same bytes
// in every build. Times are seconds since 1970, and stay within ±most_seconds; one before the latest event's counts as
// that. Not for use by two threads at once.
class PersonalSession {
 public:
  // The engine must outlive the session. A model without a memory term starts with a memory that knows nothing; one
  // with a binary head never learns.
  explicit PersonalSession(const Engine& engine, const PersonalOptions& options = {});

  // Carries the state and the memory through events, oldest first, without learning from them: what happened before
  // learning began. times.size() = items.size(). Fails with unknown_item, changing nothing.
  Status recall(std::span<const ItemIndex> items, std::span<const std::int64_t> times);

  // A click: predicts the event, learns from it, then carries the state on. Fails as recall does.
  Status observe(ItemIndex item, std::int64_t time) { return feedback(item, FeedbackKind::click, 0, time); }

  // Takes in what the user did with an item (feedback.hpp, which says what the amount is). Fails with unknown_item, and
  // with invalid_argument for an amount that is not finite, changing nothing.
  Status feedback(ItemIndex item, FeedbackKind kind, float amount, std::int64_t time);

  // Takes a refusal back. Fails with unknown_item.
  Status show(ItemIndex item);

  // What a kind of feedback teaches. Fails with invalid_argument for a weight that is not 0 … most_feedback_weight.
  Status set_weight(FeedbackKind kind, float weight);

  // Off: events carry state and memory but teach nothing, and scores are the base's; what was learned is kept.
  void set_learning(bool on) noexcept { learning_ = on; }
  [[nodiscard]] bool learning() const noexcept { return learning_; }

  // What the site knows of why the user came (context.hpp), for the events to come: belief, 0 … 1, that the choices are
  // among these items. No items or no belief: nothing is known. Not stored; of a model with a binary head without
  // effect. Fails with unknown_item, and with invalid_argument for another belief, changing nothing.
  Status set_context(std::span<const ItemIndex> items, float belief);
  [[nodiscard]] const Context& context() const noexcept { return context_; }

  // All items' logits at a moment, Q15.16: the model's own with what this user taught, each part of that taken by the
  // gate's share (a geometric mixture of both predictions), and with the context. Valid until the next call.
  [[nodiscard]] std::span<const std::int32_t> scores(std::int64_t now) noexcept;

  // As Session::recommend, by these scores, without what is hidden at that moment; options.hidden is ignored.
  [[nodiscard]] std::size_t recommend(std::int64_t now, const RecommendOptions& options,
                                      std::span<ScoredItem> best) noexcept;
  // The same by the model's own scores.
  [[nodiscard]] std::size_t recommend_base(std::int64_t now, const RecommendOptions& options,
                                           std::span<ScoredItem> best) noexcept;

  // The logits of some items, as in scores() but without scoring all under a binary head; logits.size() =
  // candidates.size(). Fails with unknown_item, changing nothing.
  Status candidate_scores(std::int64_t now, std::span<const ItemIndex> candidates, std::span<std::int32_t> logits);

  // Forgets the user and all that was learned; learning is on.
  void reset() noexcept;

  [[nodiscard]] const Session& session() const noexcept { return session_; }
  [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
  [[nodiscard]] const Taste& taste() const noexcept { return taste_; }
  [[nodiscard]] const HiddenItems& hidden() const noexcept { return hidden_; }
  [[nodiscard]] std::span<const float, memory_weights> memory_weight() const noexcept { return memory_weight_; }
  // Of the remembered events, which are session().history().
  [[nodiscard]] std::span<const std::int64_t> times() const noexcept { return memory_.times(); }
  // The model's own scores, as Session::scores.
  [[nodiscard]] std::span<const std::int32_t> base_scores() noexcept { return session_.scores(); }

  // Everything as bytes (docs/format.md): at most 16 kB and 80 bytes for each hidden unit beside the session's own
  // state.
  [[nodiscard]] std::size_t state_size() const noexcept;
  void export_state(std::span<std::byte> out) const noexcept;  // out.size() = state_size()
  // Replaces everything. Damaged bytes, another version or another model's state are refused by name and leave the
  // session as it was.
  Status import_state(std::span<const std::byte> bytes);

  // Adds what the same user did and taught on another device, with the same model: both devices then have the same
  // bytes, but for whether it learns. Events count once. What was learned is a mean by the events that only one of both
  // has. Fails as import_state does.
  Status merge_state(std::span<const std::byte> bytes);

  // Replaces everything by the state of another version of the model. Events of items that are in no pair are left
  // out; memory weights, gate and what is hidden are taken along. The taste is learned anew from the latest events,
  // which wait for relearn(). Fails as import_state does, with unknown_item for a pair that is not of this model, and
  // with invalid_argument where pairs do not ascend by `theirs`.
  Status carry_over_state(std::span<const std::byte> bytes, std::span<const ItemPair> pairs);
  // Takes in at most so many of the events that wait, the older ones first: each costs what an event learned from does,
  // so that a page can stay awake meanwhile. Returns how many are left. Until they are all taken in they are in no
  // exported state; another event, or a merge, takes them in before.
  std::size_t relearn(std::size_t events) noexcept;

 private:
  [[nodiscard]] bool has_softmax() const noexcept { return engine_->architecture().head == HeadKind::softmax; }
  [[nodiscard]] bool learns() const noexcept { return learning_ && has_softmax(); }
  // Whether scores differ from the session's own.
  [[nodiscard]] bool adds_to_scores() const noexcept { return learns() || context_.is_believed(); }
  void choose(ItemIndex item, float share, std::int64_t time) noexcept;
  void choose_or_reinforce(ItemIndex item, float share, std::int64_t time) noexcept;
  void reinforce(ItemIndex item, float share, std::int64_t time) noexcept;
  void hide(ItemIndex item, float share, std::int64_t time, std::int64_t until) noexcept;
  [[nodiscard]] bool is_at(ItemIndex item, std::int64_t time) const noexcept;
  [[nodiscard]] RecommendOptions hiding_at(std::int64_t now, RecommendOptions options) noexcept;
  void score_by_taste(float share) noexcept;
  void weigh_evidence(std::int64_t now) noexcept;
  void add_memory(float share) noexcept;
  void to_probabilities(std::span<const std::int32_t> scores, AlignedBuffer<float>& probabilities) noexcept;
  [[nodiscard]] Gate::Weights predict_each(ItemIndex item, std::int64_t now) noexcept;
  void learn(Lesson lesson) noexcept;
  void learn_taste(Lesson lesson) noexcept;
  [[nodiscard]] Status check(const StoredPersonalState& stored) const;
  void replay(std::span<const ItemIndex> items, std::span<const std::int64_t> times) noexcept;
  void remember(ItemIndex item, std::int64_t time) noexcept;
  void relearn_all() noexcept;
  void clear_waiting() noexcept;

  const Engine* engine_;
  PersonalOptions options_;
  float temperature_;
  Session session_;
  Memory memory_;
  std::array<float, memory_weights> memory_weight_{};
  Taste taste_;
  Gate gate_;
  HiddenItems hidden_;
  Impressions impressions_;
  Context context_;
  bool learning_ = true;
  std::vector<ItemIndex> waiting_items_;  // for relearn(), oldest first
  std::vector<std::int64_t> waiting_times_;
  std::size_t relearned_ = 0;  // of those
  std::span<const MemoryEvidence> evidence_;  // of the latest moment
  std::vector<float> additions_;  // [history_capacity]: to the log-odds of each evidence's item
  AlignedBuffer<std::int32_t> moves_;  // [items]: by how much the taste moves each logit, Q15.16, where valid
  bool moves_valid_ = false;
  AlignedBuffer<float> expected_;  // [items, padded to float_tile]: by the model itself, where valid
  bool expected_valid_ = false;
  AlignedBuffer<float> probabilities_;  // likewise
  AlignedBuffer<std::int32_t> scores_;  // [items]
};

}  // namespace sotto
