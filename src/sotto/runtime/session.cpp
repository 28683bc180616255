#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/internal/head_input.hpp>
#include <sotto/runtime/internal/stored_state.hpp>
#include <sotto/runtime/session.hpp>

#include <algorithm>
#include <limits>

namespace sotto {

// Computes the hidden states as activations, unless the workspace already has this user's.
void Session::derive_hidden() noexcept {
  if (workspace_->hidden_of_ == state_->revision_) return;
  for (std::size_t l = 0; l < engine_->lstm().size(); ++l) {
    quantize_hidden(engine_->lstm()[l], engine_->kernels(), layer_state(l));
  }
  workspace_->hidden_of_ = state_->revision_;
}

LayerState Session::layer_state(std::size_t layer) noexcept {
  const std::size_t padded = round_up(engine_->architecture().hidden_dim, column_tile);
  return {state_->cell(layer), state_->hidden(layer), workspace_->hidden_u7_.span().subspan(layer * padded, padded)};
}

Status Session::observe_all(std::span<const ItemIndex> events) {
  if (auto status = engine_->check_items(events); !status) return status;
  observe_known(events);
  return Ok{};
}

void Session::observe_known(std::span<const ItemIndex> events) {
  if (events.empty()) return;
  derive_hidden();
  for (std::size_t first = 0; first < events.size(); first += Workspace::event_tile) {
    step_through(events.subspan(first, std::min(Workspace::event_tile, events.size() - first)));
  }
  finish_events(events);
  workspace_->hidden_of_ = state_->revision_;
}

// Completes the events after the layers' steps.
void Session::finish_events(std::span<const ItemIndex> events) {
  update_head_input(events.back());
  for (const ItemIndex item : events) state_->history_.observe(item);
  const std::uint64_t total = std::uint64_t{state_->events_} + events.size();
  state_->events_ =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(total, std::numeric_limits<std::uint32_t>::max()));
  state_->revision_.renew();
}

void Session::update_head_input(ItemIndex item) noexcept {
  const auto hidden = state_->hidden(engine_->architecture().layers - 1);
  const auto u = state_->writable_head_input();
  if (!engine_->architecture().skip_connection) return hidden_to_head_input(hidden, u);
  workspace_->embed(item, workspace_->embedding_u7_.data());
  add_skip(*engine_, hidden, workspace_->embedding_u7_.data(), workspace_->skip_sums_.data(), u);
}

// Goes layer by layer through at most a tile of events. A layer's outputs replace its inputs, whose products are
// already computed.
void Session::step_through(std::span<const ItemIndex> events) noexcept {
  const auto& layers = engine_->lstm();
  const Kernels& kernels = engine_->kernels();
  std::uint8_t* const inputs_u7 = workspace_->inputs_u7_.data();
  std::int32_t* const input_sums = workspace_->input_sums_.data();
  std::int32_t* const hidden_sums = workspace_->hidden_sums_.data();
  for (std::size_t n = 0; n < events.size(); ++n) {
    workspace_->embed(events[n], inputs_u7 + n * layers.front().input_weights.stride);
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const PackedLstmLayer& layer = layers[l];
    const LayerState state = layer_state(l);
    lstm_input_products(layer, kernels, inputs_u7, events.size(), input_sums);
    for (std::size_t n = 0; n < events.size(); ++n) {
      lstm_hidden_products(layer, kernels, state.hidden_u7.data(), 1, hidden_sums);
      lstm_finish_step(layer, kernels, input_sums + n * layer.input_weights.rows, hidden_sums, state.cell, state);
      std::ranges::copy(state.hidden_u7, inputs_u7 + n * state.hidden_u7.size());
    }
  }
}

std::span<const std::int32_t> Session::scores() noexcept {
  auto& [values, of] = workspace_->scores_;
  const auto scores = values.span();
  if (of == state_->revision_) return scores;
  if (engine_->architecture().head == HeadKind::binary) {
    score_all_candidates(scores);
  } else {
    const int down = quantize_head_input(state_->head_input(), workspace_->head_input_u7_.data());
    std::int32_t* const out = scores.data();
    engine_->head().scores(engine_->kernels(), {workspace_->head_input_u7_.data(), &down, 1}, &out);
    add_terms(scores);
  }
  of = state_->revision_;
  return scores;
}

void Session::head_products(std::span<const std::int16_t> x, std::span<std::int32_t> products) noexcept {
  const int down = quantize_head_input(x, workspace_->head_input_u7_.data());
  std::int32_t* const out = products.data();
  engine_->head().products(engine_->kernels(), {workspace_->head_input_u7_.data(), &down, 1}, &out);
}

Status Session::candidate_scores(std::span<const ItemIndex> candidates, std::span<std::int32_t> logits) {
  if (auto status = engine_->check_items(candidates); !status) return status;
  if (engine_->architecture().head == HeadKind::binary) {
    score_candidates(candidates, logits.data());
  } else {
    const auto all = scores();
    for (std::size_t c = 0; c < candidates.size(); ++c) logits[c] = all[candidates[c]];
  }
  return Ok{};
}

std::span<const ItemEvidence> Session::history_evidence() noexcept {
  if (!engine_->history()) return {};
  return workspace_->history_lookup_.evidence(state_->history());
}

std::span<const ItemCount> Session::counts() noexcept { return workspace_->count_lookup_.counts(state_->history()); }

// Adds the history term and the count expert to the head's scores.
void Session::add_terms(std::span<std::int32_t> scores) noexcept {
  for (const ItemEvidence& e : history_evidence()) {
    scores[e.item] = saturate<std::int32_t>(scores[e.item] + history_bonus(*engine_->history(), e));
  }
  for (const auto& [item, count] : counts()) {
    scores[item] = saturate<std::int32_t>(scores[item] + count_bonus(*engine_->counts(), count));
  }
}

std::size_t Session::state_size() const noexcept { return stored_size(*state_); }

void Session::export_state(std::span<std::byte> out) const noexcept {
  sotto::export_state(*state_, engine_->fingerprint(), out);
}

Status Session::import_state(std::span<const std::byte> bytes) {
  const auto stored = read_state(bytes);
  if (!stored) return stored.error();
  if (auto status = check_state(*engine_, *stored); !status) return status;
  state_->restore(*stored);
  return Ok{};
}

}  // namespace sotto
