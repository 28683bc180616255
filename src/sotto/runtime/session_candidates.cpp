// For a binary head, a candidate's logit is that of the state after one step with the candidate.
#include <sotto/runtime/internal/head_input.hpp>
#include <sotto/runtime/session.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace sotto {

void Session::score_all_candidates(std::span<std::int32_t> logits) noexcept {
  std::array<ItemIndex, Workspace::event_tile> tile{};
  for (ItemIndex first = 0; first < logits.size(); first += Workspace::event_tile) {
    const std::size_t count = std::min(Workspace::event_tile, logits.size() - first);
    std::iota(tile.begin(), tile.end(), first);
    score_candidates(std::span(tile).first(count), logits.data() + first);
  }
}

// The carried state does not change. The products of its hidden states are the same for all candidates.
void Session::score_candidates(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept {
  derive_hidden();
  const std::size_t gates = std::size_t{4} * engine_->architecture().hidden_dim;
  for (std::size_t l = 0; l < engine_->lstm().size(); ++l) {
    lstm_hidden_products(engine_->lstm()[l], engine_->kernels(), layer_state(l).hidden_u7.data(), 1,
                         workspace_->hidden_sums_.data() + l * gates);
  }
  for (std::size_t first = 0; first < candidates.size(); first += Workspace::event_tile) {
    const std::size_t count = std::min(Workspace::event_tile, candidates.size() - first);
    score_candidate_tile(candidates.subspan(first, count), logits + first);
  }
}

void Session::score_candidate_tile(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept {
  const auto& layers = engine_->lstm();
  const Kernels& kernels = engine_->kernels();
  Workspace& work = *workspace_;
  const std::size_t gates = std::size_t{4} * engine_->architecture().hidden_dim;
  const LayerState after{work.candidate_cell_, work.candidate_hidden_, work.candidate_u7_.span()};
  for (std::size_t n = 0; n < candidates.size(); ++n) {
    work.embed(candidates[n], work.inputs_u7_.data() + n * layers.front().input_weights.stride);
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    lstm_input_products(layers[l], kernels, work.inputs_u7_.data(), candidates.size(), work.input_sums_.data());
    for (std::size_t n = 0; n < candidates.size(); ++n) {
      lstm_finish_step(layers[l], kernels, work.input_sums_.data() + n * gates, work.hidden_sums_.data() + l * gates,
                       layer_state(l).cell, after);
      std::ranges::copy(after.hidden_u7, work.inputs_u7_.data() + n * after.hidden_u7.size());
      if (l + 1 < layers.size()) continue;
      hidden_to_head_input(after.hidden, after.hidden);
      const int down = quantize_head_input(after.hidden, work.head_input_u7_.data());
      std::int32_t* const out = logits + n;
      engine_->head().scores(kernels, {work.head_input_u7_.data(), &down, 1}, &out);
    }
  }
}

}  // namespace sotto
