#include <sotto/runtime/internal/head_input.hpp>
#include <sotto/runtime/session_group.hpp>

#include <algorithm>

namespace sotto {

SessionGroup::SessionGroup(const Engine& engine, Workspace& workspace)
    : engine_(&engine),
      workspace_(&workspace),
      inputs_u7_(max_users * std::max(engine.widest_input(), engine.head().input_size())),
      hidden_u7_(max_users * round_up(engine.architecture().hidden_dim, column_tile)),
      input_sums_(max_users * 4 * engine.architecture().hidden_dim),
      hidden_sums_(max_users * 4 * engine.architecture().hidden_dim) {
  for (std::size_t n = 0; n < max_users; ++n) scores_.emplace_back(engine.architecture().items);
}

Status SessionGroup::observe(std::span<UserState* const> users, std::span<const ItemIndex> items) {
  if (auto status = engine_->check_items(items); !status) return status;
  observe_known(users, items);
  return Ok{};
}

void SessionGroup::observe_known(std::span<UserState* const> users, std::span<const ItemIndex> items) {
  if (users.empty()) return;
  step(users, items);
  for (std::size_t n = 0; n < users.size(); ++n) {
    Session(*engine_, *users[n], *workspace_).finish_events(items.subspan(n, 1));
  }
}

// Goes layer by layer, like Session::step_through for the events of one user.
void SessionGroup::step(std::span<UserState* const> users, std::span<const ItemIndex> items) noexcept {
  const auto& layers = engine_->lstm();
  const Kernels& kernels = engine_->kernels();
  for (std::size_t n = 0; n < users.size(); ++n) {
    workspace_->embed(items[n], inputs_u7_.data() + n * layers.front().input_weights.stride);
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const PackedLstmLayer& layer = layers[l];
    const std::size_t gates = layer.input_weights.rows;
    const std::size_t padded = layer.hidden_weights.stride;
    const auto state_of = [&](std::size_t n) {
      return LayerState{users[n]->cell(l), users[n]->hidden(l), hidden_u7_.span().subspan(n * padded, padded)};
    };
    for (std::size_t n = 0; n < users.size(); ++n) quantize_hidden(layer, kernels, state_of(n));
    lstm_input_products(layer, kernels, inputs_u7_.data(), users.size(), input_sums_.data());
    lstm_hidden_products(layer, kernels, hidden_u7_.data(), users.size(), hidden_sums_.data());
    for (std::size_t n = 0; n < users.size(); ++n) {
      const LayerState state = state_of(n);
      lstm_finish_step(layer, kernels, input_sums_.data() + n * gates, hidden_sums_.data() + n * gates, state.cell,
                       state);
      std::ranges::copy(state.hidden_u7, inputs_u7_.data() + n * padded);
    }
  }
}

std::uint8_t* SessionGroup::head_input(std::size_t n) noexcept {
  return inputs_u7_.data() + n * engine_->head().input_size();
}

// Computes the scores of users whose place in the group does not have them yet.
void SessionGroup::compute_scores(std::span<UserState* const> users) noexcept {
  if (engine_->architecture().head == HeadKind::binary) return;  // the steps for every item share no pass
  std::array<int, max_users> down{};
  std::array<std::int32_t*, max_users> out{};
  std::array<std::size_t, max_users> missing{};
  std::size_t count = 0;
  for (std::size_t n = 0; n < users.size(); ++n) {
    if (scores_[n].of == users[n]->revision()) continue;
    down[count] = quantize_head_input(users[n]->head_input(), head_input(count));
    out[count] = scores_[n].values.data();
    missing[count++] = n;
  }
  if (count == 0) return;
  engine_->head().scores(engine_->kernels(), {inputs_u7_.data(), down.data(), count}, out.data());
  for (const std::size_t n : std::span(missing).first(count)) {
    Session(*engine_, *users[n], *workspace_).add_terms(scores_[n].values.span());
    scores_[n].of = users[n]->revision();
  }
}

}  // namespace sotto
