// One user: the carried state, one step for each event, scores and recommendations from it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/runtime/count_lookup.hpp>
#include <sotto/runtime/diverse_ranking.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/history.hpp>
#include <sotto/runtime/lstm_step.hpp>
#include <sotto/runtime/recommend_options.hpp>
#include <sotto/runtime/sketch_search.hpp>
#include <sotto/runtime/top_k.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sotto {

// All memory is taken at construction: events and recommendations allocate nothing. Not for use by two
// threads at once.
class Session {
 public:
  // The engine must outlive the session.
  explicit Session(const Engine& engine);

  // Fails with unknown_item if any index is ≥ items.
  [[nodiscard]] Status check_items(std::span<const ItemIndex> items) const;

  // Carries the state one event further. Fails with unknown_item, changing nothing, for an index ≥ items.
  Status observe(ItemIndex item) { return observe_all({&item, 1}); }

  // Carries the state through events, oldest first, as observe for each would, but faster: a layer's input products are
  // computed for several events at once. Fails with unknown_item, changing nothing, if any index is ≥ items.
  Status observe_all(std::span<const ItemIndex> events);

  [[nodiscard]] std::uint32_t items() const noexcept { return engine_->architecture().items; }

  // All items' logits, int32 Q15.16; computed at the first call after an event. Valid until the next event. A binary
  // head costs an LSTM step for every item: score few candidates with candidate_scores instead.
  [[nodiscard]] std::span<const std::int32_t> scores() noexcept;

  // Each item's row of the head times x, Q3.12 [hidden_dim], as Q15.16: by how much its logit would rise with x added
  // to the head's input, but for rounding. Precondition: a softmax head. products.size() = items
  void head_products(std::span<const std::int16_t> x, std::span<std::int32_t> products) noexcept;

  // The logits of some items, as in scores(); logits.size() = candidates.size(). Fails with unknown_item, changing
  // nothing.
  Status candidate_scores(std::span<const ItemIndex> candidates, std::span<std::int32_t> logits);

  // Fills `best` with the best items that the options let through, best first, ties by lower index. Returns how many:
  // fewer than best.size() when fewer remain. Precondition: options.allowed is empty or has a byte for each item, and
  // options.diversity is 0 … max_diversity.
  [[nodiscard]] std::size_t recommend(const RecommendOptions& options, std::span<ScoredItem> best) noexcept;

  // The same by other scores of all items than the session's own, at least one.
  [[nodiscard]] std::size_t recommend_by(std::span<const std::int32_t> scores, const RecommendOptions& options,
                                         std::span<ScoredItem> best) noexcept;

  // Which of the latest events moved the item's logit, as explain() finds from the remembered events; this session
  // stays as it is. Fails with unknown_item.
  [[nodiscard]] Result<std::vector<EventContribution>> why(ItemIndex item) const;

  // Forgets the user.
  void reset() noexcept;

  // The user's latest events, oldest first, at most history_capacity.
  [[nodiscard]] std::span<const ItemIndex> history() const noexcept { return history_.events(); }

  // What the head multiplies, Q3.12 [hidden_dim]: the carried state as learning on the device sees it.
  [[nodiscard]] std::span<const std::int16_t> head_input() const noexcept {
    return std::span(carried_).last(engine_->architecture().hidden_dim);
  }

  // Events observed; stops counting at 2^32 - 1.
  [[nodiscard]] std::uint32_t events() const noexcept { return events_; }

  // The state as bytes (docs/format.md): the same events on the same model give the same bytes everywhere.
  [[nodiscard]] std::size_t state_size() const noexcept;  // grows with the history, to a bound
  void export_state(std::span<std::byte> out) const noexcept;  // out.size() = state_size()
  // Replaces the state. Damaged bytes, another version or another model's state are refused by name and
  // leave the session as it was.
  Status import_state(std::span<const std::byte> bytes);

  // The remembered events in a stored state of any model. Fails on damaged bytes and on another version.
  [[nodiscard]] static Result<std::vector<ItemIndex>> stored_history(std::span<const std::byte> bytes);

 private:
  friend class SessionGroup;

  [[nodiscard]] static Result<std::vector<ItemIndex>> history_in(std::span<const std::byte> body);
  void embed(ItemIndex item, std::uint8_t* out_u7) noexcept;
  void quantize_hidden_states() noexcept;
  void step_through(std::span<const ItemIndex> events) noexcept;
  void finish_events(std::span<const ItemIndex> events) noexcept;
  void update_head_input() noexcept;
  void compute_scores() noexcept;
  void finish_scores() noexcept;
  [[nodiscard]] std::size_t find_best(std::span<const std::int32_t> given, const RecommendOptions& options,
                                      std::span<ScoredItem> best) noexcept;
  [[nodiscard]] bool search(const RecommendOptions& options, TopK& top) noexcept;
  void touch(ItemIndex item) noexcept;
  void add_history(std::span<std::int32_t> scores) noexcept;
  void add_counts(std::span<std::int32_t> scores) noexcept;
  void score_candidates(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept;
  void score_candidate_tile(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept;
  [[nodiscard]] int quantize_head_input(std::span<const std::int16_t> u) noexcept;
  [[nodiscard]] LayerState layer_state(std::size_t layer) noexcept;
  [[nodiscard]] std::span<std::int16_t> writable_head_input() noexcept;

  const Engine* engine_;
  std::uint32_t events_ = 0;
  bool scores_valid_ = false;
  // Carried: for each layer the cell and the hidden state, then the head's input (Q3.12).
  std::vector<std::int16_t> carried_;
  History history_;
  CountLookup count_lookup_;
  AlignedBuffer<std::uint8_t> hidden_u7_;  // the carried hidden states as activations [layers × padded H]
  std::vector<std::int16_t> embedding_s16_;  // an item's embedding [D]
  AlignedBuffer<std::uint8_t> embedding_u7_;  // the last item's embedding [padded D]
  AlignedBuffer<std::uint8_t> inputs_u7_;  // a layer's inputs at a tile of events [event_tile × padded D or H]
  AlignedBuffer<std::int32_t> input_sums_;  // their products [event_tile × 4H]
  AlignedBuffer<std::int32_t> hidden_sums_;  // [4H]; of a binary head [layers × 4H]
  AlignedBuffer<std::uint8_t> head_input_u7_;  // [the head's input size]
  AlignedBuffer<std::int32_t> skip_sums_;  // [H]
  AlignedBuffer<std::int32_t> scores_;  // [items]
  // Of a binary head: the state after a candidate, [H] each.
  std::vector<std::int16_t> candidate_cell_;
  std::vector<std::int16_t> candidate_hidden_;
  AlignedBuffer<std::uint8_t> candidate_u7_;  // [padded H]
  std::vector<std::uint8_t> excluded_;  // [items], all 0 between calls
  std::unique_ptr<SketchSearch> sketch_search_;  // where the engine has a sketch
  std::vector<ItemIndex> touched_;  // by history term and count expert, during a search
  DiverseRanking diverse_;
};

}  // namespace sotto
