#include <sotto/base/bytes.hpp>
#include <sotto/base/hash.hpp>
#include <sotto/numeric/rounding.hpp>
#include <sotto/runtime/session.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

namespace sotto {
namespace {

// The exported state: magic, version, model fingerprint, events, count of int16 values, count of remembered
// events, the values, the remembered events, checksum.
constexpr std::array<char, 4> state_magic{'S', 'O', 'S', 'T'};
constexpr std::uint32_t state_version = 1;
constexpr std::size_t version_at = 4;
constexpr std::size_t fingerprint_at = 8;
constexpr std::size_t events_at = 16;
constexpr std::size_t count_at = 20;
constexpr std::size_t history_count_at = 24;
constexpr std::size_t values_at = 28;
constexpr std::size_t checksum_bytes = 8;

// Q0.15 → Q3.12.
std::int16_t hidden_to_head_input(std::int16_t hidden) noexcept {
  return static_cast<std::int16_t>(round_shift(hidden, unit_bits - head_input_bits));
}

// The smallest right shift after which |value| ≤ 32767 fits 7 bits: the head input's block exponent.
int block_shift(std::span<const std::int16_t> values) noexcept {
  std::int32_t peak = 0;
  for (const std::int16_t v : values) peak = std::max(peak, std::abs(std::int32_t{v}));
  int shift = 0;
  while (round_shift(peak, shift) > activation_max) ++shift;
  return shift;  // 0 … 10
}

}  // namespace

Session::Session(const Engine& engine)
    : engine_(&engine),
      carried_((2 * std::size_t{engine.architecture().layers} + 1) * engine.architecture().hidden_dim),
      history_(engine.architecture().items),
      count_lookup_(engine.counts(), engine.architecture().items),
      scratch_(make_step_scratch(engine.architecture())),
      embedding_u7_(round_up(engine.architecture().embedding_dim, column_tile)),
      layer_input_u7_(round_up(engine.architecture().hidden_dim, column_tile)),
      head_input_u7_(round_up(engine.architecture().hidden_dim, column_tile)),
      skip_sums_(engine.skip().padded_rows),
      scores_(round_up(engine.architecture().items, row_tile)),
      excluded_(engine.architecture().items),
      diverse_(engine) {
  if (engine.architecture().head != HeadKind::binary) return;
  candidate_sums_ = AlignedBuffer<std::int32_t>(engine.architecture().layers * padded_gates(engine.architecture()));
  candidate_cell_.resize(engine.architecture().hidden_dim);
  candidate_hidden_.resize(engine.architecture().hidden_dim);
  candidate_head_ = AlignedBuffer<std::int32_t>(engine.head().padded_rows);
}

std::span<std::int16_t> Session::cell(std::size_t layer) noexcept {
  const std::size_t units = engine_->architecture().hidden_dim;
  return std::span(carried_).subspan(2 * layer * units, units);
}

std::span<std::int16_t> Session::hidden(std::size_t layer) noexcept {
  const std::size_t units = engine_->architecture().hidden_dim;
  return std::span(carried_).subspan((2 * layer + 1) * units, units);
}

std::span<std::int16_t> Session::head_input() noexcept {
  return std::span(carried_).last(engine_->architecture().hidden_dim);
}

Status Session::observe(ItemIndex item) {
  if (item >= engine_->architecture().items) return unknown_item(item);
  embed(item);
  const auto& layers = engine_->lstm();
  const std::uint8_t* input = embedding_u7_.data();
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    lstm_step(layers[layer], engine_->kernels(), input, cell(layer), hidden(layer), scratch_);
    if (layer + 1 < layers.size()) {
      quantize_layer_input(layers[layer], hidden(layer));
      input = layer_input_u7_.data();
    }
  }
  update_head_input();
  history_.observe(item);
  if (events_ != std::numeric_limits<std::uint32_t>::max()) ++events_;
  scores_valid_ = false;
  return Ok{};
}

Error Session::unknown_item(ItemIndex item) const {
  return {ErrorCode::unknown_item, "item index " + std::to_string(item) + " is not below the catalogue's " +
                                       std::to_string(engine_->architecture().items) + " items"};
}

void Session::quantize_layer_input(const PackedLstmLayer& below, std::span<const std::int16_t> hidden) noexcept {
  for (std::size_t j = 0; j < hidden.size(); ++j) {
    layer_input_u7_[j] = quantize_activation(hidden[j], below.hidden_multiplier);
  }
}

void Session::embed(ItemIndex item) noexcept {
  const std::int8_t* row = engine_->embedding_row(item);
  const std::int32_t multiplier = engine_->embedding_multiplier(item);
  for (std::size_t c = 0; c < engine_->architecture().embedding_dim; ++c) {
    embedding_u7_[c] = quantize_activation(row[c], multiplier);
  }
}

// u = h + skip · e, summed exactly at 2^-36 and rounded once to Q3.12.
void Session::update_head_input() noexcept {
  const auto h = hidden(engine_->architecture().layers - 1);
  const auto u = head_input();
  const PackedMatrix& skip = engine_->skip();
  const bool has_skip = engine_->architecture().skip_connection;
  if (has_skip) skip.multiply(engine_->kernels(), embedding_u7_.data(), skip_sums_.data());
  constexpr std::int64_t hidden_scale = std::int64_t{1} << (head_input_bits + gate_multiplier_bits - unit_bits);
  for (std::size_t j = 0; j < u.size(); ++j) {
    const std::int64_t from_skip = has_skip ? std::int64_t{skip_sums_[j]} * skip.multiplier[j] : 0;
    u[j] = saturate<std::int16_t>(round_shift(h[j] * hidden_scale + from_skip, gate_multiplier_bits));
  }
}

std::span<const std::int32_t> Session::scores() noexcept {
  if (!scores_valid_) compute_scores();
  return scores_.span().first(engine_->architecture().items);
}

// The head's input is cut to 7 bits with a power-of-two scale of its own at each event, so that small states
// keep their precision; the scale comes back in the shift to Q15.16. |sum · multiplier| < 2^58.
void Session::compute_scores() noexcept {
  if (engine_->architecture().head == HeadKind::binary) {
    prepare_candidates();
    for (ItemIndex item = 0; item < engine_->architecture().items; ++item) scores_[item] = candidate_score(item);
    scores_valid_ = true;
    return;
  }
  const int down = quantize_head_input(head_input());
  const PackedMatrix& head = engine_->head();
  head.multiply(engine_->kernels(), head_input_u7_.data(), scores_.data());
  const auto& bias = engine_->head_bias();
  for (std::size_t i = 0; i < bias.size(); ++i) {
    scores_[i] = saturate<std::int32_t>(round_shift(std::int64_t{scores_[i]} * head.multiplier[i], down) + bias[i]);
  }
  add_history();
  add_counts();
  scores_valid_ = true;
}

// Returns by how much the head's products are to be shifted down to Q15.16, 16 … 26.
int Session::quantize_head_input(std::span<const std::int16_t> u) noexcept {
  const int shift = block_shift(u);
  for (std::size_t j = 0; j < u.size(); ++j) {
    head_input_u7_[j] = static_cast<std::uint8_t>(round_shift(u[j], shift) + activation_zero_point);
  }
  return head_multiplier_bits + head_input_bits - score_bits - shift;
}

Status Session::candidate_scores(std::span<const ItemIndex> candidates, std::span<std::int32_t> logits) {
  for (const ItemIndex item : candidates) {
    if (item >= engine_->architecture().items) return unknown_item(item);
  }
  if (engine_->architecture().head == HeadKind::binary) {
    prepare_candidates();
    for (std::size_t c = 0; c < candidates.size(); ++c) logits[c] = candidate_score(candidates[c]);
  } else {
    const auto all = scores();
    for (std::size_t c = 0; c < candidates.size(); ++c) logits[c] = all[candidates[c]];
  }
  return Ok{};
}

// The products of the carried hidden states are the same for all candidates.
void Session::prepare_candidates() noexcept {
  const std::size_t stride = padded_gates(engine_->architecture());
  for (std::size_t layer = 0; layer < engine_->lstm().size(); ++layer) {
    lstm_hidden_products(engine_->lstm()[layer], engine_->kernels(), hidden(layer), scratch_.hidden_u7,
                         candidate_sums_.data() + layer * stride);
  }
}

// One step with the candidate from the carried state, which stays as it is, and the head's one row.
std::int32_t Session::candidate_score(ItemIndex item) noexcept {
  embed(item);
  const auto& layers = engine_->lstm();
  const std::size_t stride = padded_gates(engine_->architecture());
  const std::uint8_t* input = embedding_u7_.data();
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    lstm_step_from(layers[layer], engine_->kernels(), input, candidate_sums_.data() + layer * stride, cell(layer),
                   candidate_cell_, candidate_hidden_, scratch_);
    if (layer + 1 < layers.size()) {
      quantize_layer_input(layers[layer], candidate_hidden_);
      input = layer_input_u7_.data();
    }
  }
  for (std::int16_t& u : candidate_hidden_) u = hidden_to_head_input(u);
  const int down = quantize_head_input(candidate_hidden_);
  const PackedMatrix& head = engine_->head();
  head.multiply(engine_->kernels(), head_input_u7_.data(), candidate_head_.data());
  return saturate<std::int32_t>(round_shift(std::int64_t{candidate_head_[0]} * head.multiplier[0], down) +
                                engine_->head_bias()[0]);
}

void Session::add_history() noexcept {
  const auto& term = engine_->history();
  if (!term) return;
  for (const ItemEvidence& e : history_.evidence()) {
    scores_[e.item] = saturate<std::int32_t>(scores_[e.item] + history_bonus(*term, e));
  }
}

void Session::add_counts() noexcept {
  const CountExpert* expert = engine_->counts();
  if (expert == nullptr) return;
  for (const auto& [item, count] : count_lookup_.counts(history_.events())) {
    scores_[item] = saturate<std::int32_t>(scores_[item] + count_bonus(*expert, count));
  }
}

std::size_t Session::recommend(const RecommendOptions& options, std::span<ScoredItem> best) noexcept {
  const auto mark = [&](std::uint8_t value) {
    for (const ItemIndex item : options.exclude) {
      if (item < excluded_.size()) excluded_[item] = value;
    }
  };
  const bool by_score_alone = options.diversity == 0;
  mark(1);
  const std::size_t found =
      top_k(scores(), excluded_, options.allowed, by_score_alone ? best : diverse_.candidates(best));
  mark(0);
  return by_score_alone ? found : diverse_.rank(found, options.diversity, best);
}

void Session::reset() noexcept {
  std::ranges::fill(carried_, std::int16_t{0});
  history_.clear();
  events_ = 0;
  scores_valid_ = false;
}

std::size_t Session::state_size() const noexcept {
  return values_at + carried_.size() * sizeof(std::int16_t) + history_.events().size_bytes() + checksum_bytes;
}

void Session::export_state(std::span<std::byte> out) const noexcept {
  const auto remembered = history_.events();
  const std::size_t value_bytes = carried_.size() * sizeof(std::int16_t);
  std::memcpy(out.data(), state_magic.data(), state_magic.size());
  store_le(out.data() + version_at, state_version);
  store_le(out.data() + fingerprint_at, engine_->fingerprint());
  store_le(out.data() + events_at, events_);
  store_le(out.data() + count_at, static_cast<std::uint32_t>(carried_.size()));
  store_le(out.data() + history_count_at, static_cast<std::uint32_t>(remembered.size()));
  std::memcpy(out.data() + values_at, carried_.data(), value_bytes);
  if (!remembered.empty())
    std::memcpy(out.data() + values_at + value_bytes, remembered.data(), remembered.size_bytes());
  const auto body = out.first(out.size() - checksum_bytes);
  store_le(out.data() + body.size(), xxh64(body));
}

Status Session::import_state(std::span<const std::byte> bytes) {
  if (bytes.size() < values_at + checksum_bytes) {
    return Error{ErrorCode::truncated, "a stored state has at least " + std::to_string(values_at + checksum_bytes) +
                                           " bytes, this one has " + std::to_string(bytes.size())};
  }
  if (std::memcmp(bytes.data(), state_magic.data(), state_magic.size()) != 0) {
    return Error{ErrorCode::malformed, "a stored state begins with 'SOST', these bytes do not"};
  }
  if (const auto version = load_le<std::uint32_t>(bytes.data() + version_at); version != state_version) {
    return Error{ErrorCode::unsupported_version, "the stored state has version " + std::to_string(version) +
                                                     ", this build reads version " + std::to_string(state_version)};
  }
  const auto body = bytes.first(bytes.size() - checksum_bytes);
  if (load_le<std::uint64_t>(bytes.data() + body.size()) != xxh64(body)) {
    return Error{ErrorCode::malformed, "the stored state is damaged: its checksum does not fit its bytes"};
  }
  if (load_le<std::uint64_t>(bytes.data() + fingerprint_at) != engine_->fingerprint()) {
    return Error{ErrorCode::mismatch, "the stored state belongs to another model"};
  }
  const std::size_t value_bytes = carried_.size() * sizeof(std::int16_t);
  const std::size_t remembered = load_le<std::uint32_t>(bytes.data() + history_count_at);
  if (load_le<std::uint32_t>(bytes.data() + count_at) != carried_.size() || remembered > history_capacity ||
      bytes.size() != values_at + value_bytes + remembered * sizeof(ItemIndex) + checksum_bytes) {
    return Error{ErrorCode::wrong_shape, "the stored state's " + std::to_string(bytes.size()) +
                                             " bytes do not fit this model and the counts it announces"};
  }
  const std::byte* history_bytes = bytes.data() + values_at + value_bytes;
  std::vector<ItemIndex> events(remembered);
  for (std::size_t i = 0; i < remembered; ++i) {
    events[i] = load_le<ItemIndex>(history_bytes + i * sizeof(ItemIndex));
    if (events[i] >= engine_->architecture().items) {
      return Error{ErrorCode::unknown_item, "the stored state remembers item index " + std::to_string(events[i]) +
                                                ", the catalogue has " + std::to_string(engine_->architecture().items) +
                                                " items"};
    }
  }
  std::memcpy(carried_.data(), bytes.data() + values_at, value_bytes);
  history_.assign(events);
  events_ = load_le<std::uint32_t>(bytes.data() + events_at);
  scores_valid_ = false;
  return Ok{};
}

}  // namespace sotto
