#include <sotto/runtime/session_group.hpp>

#include <algorithm>
#include <array>

namespace sotto {

SessionGroup::SessionGroup(const Engine& engine)
    : engine_(&engine),
      inputs_u7_(most * std::max(engine.widest_input(), engine.head().input_size())),
      hidden_u7_(most * round_up(engine.architecture().hidden_dim, column_tile)),
      input_sums_(most * 4 * engine.architecture().hidden_dim),
      hidden_sums_(most * 4 * engine.architecture().hidden_dim) {}

Status SessionGroup::observe(std::span<Session* const> sessions, std::span<const ItemIndex> items) {
  if (sessions.empty()) return Ok{};
  if (auto status = sessions.front()->check_items(items); !status) return status;
  step(sessions, items);
  for (std::size_t n = 0; n < sessions.size(); ++n) sessions[n]->finish_events(items.subspan(n, 1));
  return Ok{};
}

// Layer by layer, as Session::step_through goes through the events of one user.
void SessionGroup::step(std::span<Session* const> sessions, std::span<const ItemIndex> items) noexcept {
  const auto& layers = engine_->lstm();
  const Kernels& kernels = engine_->kernels();
  for (std::size_t n = 0; n < sessions.size(); ++n) {
    sessions[n]->embed(items[n], inputs_u7_.data() + n * layers.front().input_weights.stride);
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const PackedLstmLayer& layer = layers[l];
    const std::size_t gates = layer.input_weights.rows;
    const std::size_t padded = layer.hidden_weights.stride;
    for (std::size_t n = 0; n < sessions.size(); ++n) {
      std::ranges::copy(sessions[n]->layer_state(l).hidden_u7, hidden_u7_.data() + n * padded);
    }
    lstm_input_products(layer, kernels, inputs_u7_.data(), sessions.size(), input_sums_.data());
    lstm_hidden_products(layer, kernels, hidden_u7_.data(), sessions.size(), hidden_sums_.data());
    for (std::size_t n = 0; n < sessions.size(); ++n) {
      const LayerState state = sessions[n]->layer_state(l);
      lstm_finish_step(layer, kernels, input_sums_.data() + n * gates, hidden_sums_.data() + n * gates, state.cell,
                       state);
      std::ranges::copy(state.hidden_u7, inputs_u7_.data() + n * padded);
    }
  }
}

void SessionGroup::compute_scores(std::span<Session* const> sessions) noexcept {
  if (engine_->architecture().head == HeadKind::binary) {
    for (Session* session : sessions) static_cast<void>(session->scores());
    return;
  }
  std::array<int, most> down{};
  std::array<std::int32_t*, most> out{};
  const std::size_t size = engine_->head().input_size();
  for (std::size_t n = 0; n < sessions.size(); ++n) {
    down[n] = sessions[n]->quantize_head_input(sessions[n]->head_input());
    std::ranges::copy(sessions[n]->head_input_u7_.span(), inputs_u7_.data() + n * size);
    out[n] = sessions[n]->scores_.data();
  }
  engine_->head().scores(engine_->kernels(), {inputs_u7_.data(), down.data(), sessions.size()}, out.data());
  for (Session* session : sessions) session->finish_scores();
}

}  // namespace sotto
