// Works on one user. Events advance the user's state, and scores and recommendations are computed from it.
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

// A view that owns nothing. It costs three pointers, so a new one for each call is cheap. A copy works on the same
// user. Calls allocate only when the user's history grows.
class Session {
 public:
  // Preconditions: the workspace belongs to this engine, and the state to its model. All three must outlive the
  // session. No other thread may use the state or the workspace meanwhile.
  Session(const Engine& engine, UserState& state, Workspace& workspace) noexcept
      : engine_(&engine), state_(&state), workspace_(&workspace) {}

  // Advances the state by one event. Fails with unknown_item and then changes nothing.
  Status observe(ItemIndex item) { return observe_all({&item, 1}); }

  // Advances the state through events, oldest first. Gives the same bits as observe for each of them, but is faster,
  // because a layer's input products are computed for several events at once. If any index is unknown, fails with
  // unknown_item and changes nothing.
  Status observe_all(std::span<const ItemIndex> events);

  // Does the same for events that were checked before. Precondition: each is an item of the catalogue.
  void observe_known(std::span<const ItemIndex> events);

  // Returns all items' logits, Q15.16. They are computed at the first call after an event. They are valid until the
  // workspace is used for an event, a search or another user. A binary head takes an LSTM step for every item: prefer
  // candidate_scores there.
  [[nodiscard]] std::span<const std::int32_t> scores() noexcept;

  // Computes the product of each of the head's rows with x, Q3.12 [hidden_dim], in Q15.16. Apart from rounding, it is
  // the rise of the logit if x is added to the head's input. Preconditions: products.size() = items; a softmax head.
  void head_products(std::span<const std::int16_t> x, std::span<std::int32_t> products) noexcept;

  // Computes the logits of some items, as in scores(). Precondition: logits.size() = candidates.size(). Fails with
  // unknown_item and then changes nothing.
  Status candidate_scores(std::span<const ItemIndex> candidates, std::span<std::int32_t> logits);

  // Fills `best` with the best items that the options allow: best first, ties by lower index. Returns the number of
  // items. It is less than best.size() if fewer items remain. Precondition: options.allowed is empty or has a byte for
  // each item, and options.diversity is 0 … max_diversity.
  [[nodiscard]] std::size_t recommend(const RecommendOptions& options, std::span<ScoredItem> best) noexcept;

  // Does the same by the given scores [items] instead of the session's own.
  [[nodiscard]] std::size_t recommend_by(std::span<const std::int32_t> scores, const RecommendOptions& options,
                                         std::span<ScoredItem> best) noexcept;

  // The inputs of the history term and the count expert. Valid until the workspace is used again. Empty if the model
  // does not have the part.
  [[nodiscard]] std::span<const ItemEvidence> history_evidence() noexcept;
  [[nodiscard]] std::span<const ItemCount> counts() noexcept;

  // Forgets the user.
  void reset() noexcept { state_->reset(); }

  // Writes the state as bytes (stored_state.hpp). Precondition: out.size() = state_size().
  [[nodiscard]] std::size_t state_size() const noexcept;
  void export_state(std::span<std::byte> out) const noexcept;
  // Replaces the state. Refuses damaged bytes, another version and another model's state, each with its own error, and
  // then changes nothing.
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
