// One user at work: events carry the state on, scores and recommendations come from it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/lstm_step.hpp>
#include <sotto/runtime/recommend_options.hpp>
#include <sotto/runtime/top_k.hpp>
#include <sotto/runtime/user_state.hpp>
#include <sotto/runtime/workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// A view that owns nothing: it costs three pointers to make, so make one for each call if you like. A copy works on the
// same user. Calls allocate only where the user's history grows.
class Session {
 public:
  // The workspace is one of this engine's, the state is of its model. All three must outlive the session; no other
  // thread may use the state or the workspace meanwhile.
  Session(const Engine& engine, UserState& state, Workspace& workspace) noexcept
      : engine_(&engine), state_(&state), workspace_(&workspace) {}

  // Carries the state one event further. Fails with unknown_item, changing nothing.
  Status observe(ItemIndex item) { return observe_all({&item, 1}); }

  // Carries the state through events, oldest first. Gives the same bits as observe for each of them, but is faster,
  // because a layer's input products are computed for several events at once. Fails with unknown_item, changing
  // nothing, if any index is unknown.
  Status observe_all(std::span<const ItemIndex> events);

  // The same for events that were checked before. Precondition: each is an item of the catalogue.
  void observe_known(std::span<const ItemIndex> events);

  // All items' logits, Q15.16. Computed at the first call after an event. Valid until the workspace is used for an
  // event, a search or another user. A binary head takes an LSTM step for every item: prefer candidate_scores there.
  [[nodiscard]] std::span<const std::int32_t> scores() noexcept;

  // The product of each of the head's rows with x, Q3.12 [hidden_dim], as Q15.16: by how much the logit would rise with
  // x added to the head's input, but for rounding. products.size() = items. Precondition: a softmax head.
  void head_products(std::span<const std::int16_t> x, std::span<std::int32_t> products) noexcept;

  // The logits of some items, as in scores(); logits.size() = candidates.size(). Fails with unknown_item, changing
  // nothing.
  Status candidate_scores(std::span<const ItemIndex> candidates, std::span<std::int32_t> logits);

  // Fills `best` with the best items that the options let through: best first, ties by lower index. Returns how many
  // there are, fewer than best.size() where fewer items remain. Precondition: options.allowed is empty or has a byte
  // for each item, and options.diversity is 0 … max_diversity.
  [[nodiscard]] std::size_t recommend(const RecommendOptions& options, std::span<ScoredItem> best) noexcept;

  // The same by other scores [items] than the session's own.
  [[nodiscard]] std::size_t recommend_by(std::span<const std::int32_t> scores, const RecommendOptions& options,
                                         std::span<ScoredItem> best) noexcept;

  // What the history term and the count expert look at. Valid until the workspace is used again; empty where the model
  // has no such part.
  [[nodiscard]] std::span<const ItemEvidence> history_evidence() noexcept;
  [[nodiscard]] std::span<const ItemCount> counts() noexcept;

  // Forgets the user.
  void reset() noexcept { state_->reset(); }

  // The state as bytes (stored_state.hpp). out.size() = state_size().
  [[nodiscard]] std::size_t state_size() const noexcept;
  void export_state(std::span<std::byte> out) const noexcept;
  // Replaces the state. Refuses damaged bytes, another version and another model's state by name, changing nothing.
  Status import_state(std::span<const std::byte> bytes);

  [[nodiscard]] const Engine& engine() const noexcept { return *engine_; }
  [[nodiscard]] const UserState& state() const noexcept { return *state_; }

 private:
  friend class SessionGroup;

  [[nodiscard]] LayerState layer_state(std::size_t layer) noexcept;
  void derive_hidden() noexcept;
  void step_through(std::span<const ItemIndex> events) noexcept;
  void finish_events(std::span<const ItemIndex> events);
  void update_head_input(ItemIndex item) noexcept;
  void add_terms(std::span<std::int32_t> scores) noexcept;
  void score_candidates(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept;
  void score_candidate_tile(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept;
  void score_all_candidates(std::span<std::int32_t> logits) noexcept;
  [[nodiscard]] std::size_t find_best(std::span<const std::int32_t> given, const RecommendOptions& options,
                                      std::span<ScoredItem> best) noexcept;
  [[nodiscard]] bool search(const RecommendOptions& options, TopK& top) noexcept;
  void touch(ItemIndex item) noexcept;

  const Engine* engine_;
  UserState* state_;
  Workspace* workspace_;
};

}  // namespace sotto
