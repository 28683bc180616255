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
#include <sotto/runtime/top_k.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// All memory is taken at construction: events and recommendations allocate nothing. Not for use by two
// threads at once.
class Session {
 public:
  // The engine must outlive the session.
  explicit Session(const Engine& engine);

  // Carries the state one event further. Fails with unknown_item, changing nothing, for an index ≥ items.
  Status observe(ItemIndex item);

  // All items' logits, int32 Q15.16; computed at the first call after an event. Valid until the next event. A binary
  // head costs an LSTM step for every item: score few candidates with candidate_scores instead.
  [[nodiscard]] std::span<const std::int32_t> scores() noexcept;

  // The logits of some items, as in scores(); logits.size() = candidates.size(). Fails with unknown_item, changing
  // nothing.
  Status candidate_scores(std::span<const ItemIndex> candidates, std::span<std::int32_t> logits);

  // Fills `best` with the best items that the options let through, best first, ties by lower index. Returns how many:
  // fewer than best.size() when fewer remain. Precondition: options.allowed is empty or has a byte for each item, and
  // options.diversity is 0 … max_diversity.
  [[nodiscard]] std::size_t recommend(const RecommendOptions& options, std::span<ScoredItem> best) noexcept;

  // Which of the latest events moved the item's logit, as explain() finds from the remembered events; this session
  // stays as it is. Fails with unknown_item.
  [[nodiscard]] Result<std::vector<EventContribution>> why(ItemIndex item) const;

  // Forgets the user.
  void reset() noexcept;

  // The user's latest events, oldest first, at most history_capacity.
  [[nodiscard]] std::span<const ItemIndex> history() const noexcept { return history_.events(); }

  // Events observed; stops counting at 2^32 - 1.
  [[nodiscard]] std::uint32_t events() const noexcept { return events_; }

  // The state as bytes (docs/format.md): the same events on the same model give the same bytes everywhere.
  [[nodiscard]] std::size_t state_size() const noexcept;  // grows with the history, to a bound
  void export_state(std::span<std::byte> out) const noexcept;  // out.size() = state_size()
  // Replaces the state. Damaged bytes, another version or another model's state are refused by name and
  // leave the session as it was.
  Status import_state(std::span<const std::byte> bytes);

 private:
  [[nodiscard]] Error unknown_item(ItemIndex item) const;
  void embed(ItemIndex item) noexcept;
  void quantize_layer_input(const PackedLstmLayer& below, std::span<const std::int16_t> hidden) noexcept;
  void update_head_input() noexcept;
  void compute_scores() noexcept;
  void add_history() noexcept;
  void add_counts() noexcept;
  void prepare_candidates() noexcept;
  [[nodiscard]] std::int32_t candidate_score(ItemIndex item) noexcept;
  [[nodiscard]] int quantize_head_input(std::span<const std::int16_t> u) noexcept;
  [[nodiscard]] std::span<std::int16_t> cell(std::size_t layer) noexcept;
  [[nodiscard]] std::span<std::int16_t> hidden(std::size_t layer) noexcept;
  [[nodiscard]] std::span<std::int16_t> head_input() noexcept;

  const Engine* engine_;
  std::uint32_t events_ = 0;
  bool scores_valid_ = false;
  // Carried: for each layer the cell and the hidden state, then the head's input (Q3.12).
  std::vector<std::int16_t> carried_;
  History history_;
  CountLookup count_lookup_;
  StepScratch scratch_;
  AlignedBuffer<std::uint8_t> embedding_u7_;  // the last item's embedding [padded D]
  AlignedBuffer<std::uint8_t> layer_input_u7_;  // a lower layer's hidden state [padded H]
  AlignedBuffer<std::uint8_t> head_input_u7_;  // [padded H]
  AlignedBuffer<std::int32_t> skip_sums_;  // [padded H]
  AlignedBuffer<std::int32_t> scores_;  // [padded items]
  // Of a binary head: the layers' hidden products [layers × padded 4H], and one candidate's step.
  AlignedBuffer<std::int32_t> candidate_sums_;
  std::vector<std::int16_t> candidate_cell_;  // [H]
  std::vector<std::int16_t> candidate_hidden_;  // [H]
  AlignedBuffer<std::int32_t> candidate_head_;  // [a row tile]
  std::vector<std::uint8_t> excluded_;  // [items], all 0 between calls
  DiverseRanking diverse_;
};

}  // namespace sotto
