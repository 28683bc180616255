#include <sotto/base/internal/bytes.hpp>
#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/session.hpp>
#include <sotto/runtime/state_envelope.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>

namespace sotto {
namespace {

// The exported state's body: events, count of int16 values, count of remembered events, the values, the remembered
// events.
constexpr StateKind state_kind{{'S', 'O', 'S', 'T'}, 1, "the stored state"};
constexpr std::size_t events_at = 0;
constexpr std::size_t count_at = 4;
constexpr std::size_t history_count_at = 8;
constexpr std::size_t values_at = 12;

// Events whose input products are computed together: their inputs and sums stay in the nearest cache.
constexpr std::size_t event_tile = 8;

// Why an item is left out of a ranking or a search, in its byte of excluded_.
constexpr std::uint8_t excluded_by_caller = 1;
constexpr std::uint8_t scored_by_itself = 2;

// Q0.15 → Q3.12.
void hidden_to_head_input(std::span<const std::int16_t> hidden, std::span<std::int16_t> u) noexcept {
  constexpr int shift = unit_bits - head_input_bits;
  constexpr std::int32_t half = 1 << (shift - 1);
  for (std::size_t j = 0; j < u.size(); ++j) u[j] = static_cast<std::int16_t>((hidden[j] + half) >> shift);
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
      hidden_u7_(engine.architecture().layers * round_up(engine.architecture().hidden_dim, column_tile)),
      embedding_s16_(engine.architecture().embedding_dim),
      embedding_u7_(round_up(engine.architecture().embedding_dim, column_tile)),
      inputs_u7_(event_tile * engine.widest_input()),
      input_sums_(event_tile * 4 * engine.architecture().hidden_dim),
      head_input_u7_(engine.head().input_size()),
      skip_sums_(engine.skip().rows),
      scores_(engine.architecture().items),
      excluded_(engine.architecture().items),
      diverse_(engine) {
  const Architecture& a = engine.architecture();
  const bool binary = a.head == HeadKind::binary;
  hidden_sums_ = AlignedBuffer<std::int32_t>((binary ? a.layers : 1) * std::size_t{4} * a.hidden_dim);
  if (binary) {
    candidate_cell_.resize(a.hidden_dim);
    candidate_hidden_.resize(a.hidden_dim);
    candidate_u7_ = AlignedBuffer<std::uint8_t>(round_up(a.hidden_dim, column_tile));
  }
  if (const HeadSketch* sketch = engine.head_sketch()) {
    sketch_search_ = std::make_unique<SketchSearch>(*sketch, engine.head(), engine.kernels());
    touched_.reserve(history_capacity + count_lookup_.capacity());
  }
  reset();
}

void Session::quantize_hidden_states() noexcept {
  for (std::size_t l = 0; l < engine_->lstm().size(); ++l) {
    quantize_hidden(engine_->lstm()[l], engine_->kernels(), layer_state(l));
  }
}

LayerState Session::layer_state(std::size_t layer) noexcept {
  const std::size_t units = engine_->architecture().hidden_dim;
  const std::size_t padded = round_up(units, column_tile);
  const std::span carried(carried_);
  return {carried.subspan(2 * layer * units, units), carried.subspan((2 * layer + 1) * units, units),
          hidden_u7_.span().subspan(layer * padded, padded)};
}

std::span<std::int16_t> Session::writable_head_input() noexcept {
  return std::span(carried_).last(engine_->architecture().hidden_dim);
}

Status Session::observe_all(std::span<const ItemIndex> events) {
  if (auto status = check_items(events); !status) return status;
  if (events.empty()) return Ok{};
  for (std::size_t first = 0; first < events.size(); first += event_tile) {
    step_through(events.subspan(first, std::min(event_tile, events.size() - first)));
  }
  finish_events(events);
  return Ok{};
}

// What follows the layers' steps.
void Session::finish_events(std::span<const ItemIndex> events) noexcept {
  embed(events.back(), embedding_u7_.data());
  update_head_input();
  for (const ItemIndex item : events) history_.observe(item);
  const std::uint64_t total = std::uint64_t{events_} + events.size();
  events_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(total, std::numeric_limits<std::uint32_t>::max()));
  scores_valid_ = false;
}

Status Session::check_items(std::span<const ItemIndex> items) const {
  const std::uint32_t known = engine_->architecture().items;
  for (const ItemIndex item : items) {
    if (item < known) continue;
    return Error{ErrorCode::unknown_item, "item index " + std::to_string(item) + " is not below the catalogue's " +
                                              std::to_string(known) + " items"};
  }
  return Ok{};
}

// Layer by layer through at most a tile of events. A layer's outputs take the place of its inputs, whose products are
// computed by then.
void Session::step_through(std::span<const ItemIndex> events) noexcept {
  const auto& layers = engine_->lstm();
  const Kernels& kernels = engine_->kernels();
  for (std::size_t n = 0; n < events.size(); ++n) {
    embed(events[n], inputs_u7_.data() + n * layers.front().input_weights.stride);
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const PackedLstmLayer& layer = layers[l];
    const LayerState state = layer_state(l);
    lstm_input_products(layer, kernels, inputs_u7_.data(), events.size(), input_sums_.data());
    for (std::size_t n = 0; n < events.size(); ++n) {
      lstm_hidden_products(layer, kernels, state.hidden_u7.data(), 1, hidden_sums_.data());
      lstm_finish_step(layer, kernels, input_sums_.data() + n * layer.input_weights.rows, hidden_sums_.data(),
                       state.cell, state);
      std::ranges::copy(state.hidden_u7, inputs_u7_.data() + n * state.hidden_u7.size());
    }
  }
}

void Session::embed(ItemIndex item, std::uint8_t* out_u7) noexcept {
  const EmbeddingRow row = engine_->embedding_row(item);
  row.copy_to(embedding_s16_.data());
  engine_->kernels().quantize(embedding_s16_.data(), row.size(), engine_->embedding_multiplier(item), out_u7);
}

// u = h + skip · e, summed exactly at 2^-36 and rounded once to Q3.12.
void Session::update_head_input() noexcept {
  const auto h = layer_state(engine_->architecture().layers - 1).hidden;
  const auto u = writable_head_input();
  if (!engine_->architecture().skip_connection) return hidden_to_head_input(h, u);
  const PackedMatrix& skip = engine_->skip();
  engine_->kernels().matmul(skip.view(), embedding_u7_.data(), 1, skip_sums_.data(), skip.rows);
  constexpr std::int64_t hidden_scale = std::int64_t{1} << (head_input_bits + gate_multiplier_bits - unit_bits);
  for (std::size_t j = 0; j < u.size(); ++j) {
    const std::int64_t from_skip = std::int64_t{skip_sums_[j]} * skip.multiplier[j];
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
    std::array<ItemIndex, event_tile> tile{};
    for (ItemIndex first = 0; first < scores_.size(); first += event_tile) {
      const std::size_t count = std::min(event_tile, scores_.size() - first);
      std::iota(tile.begin(), tile.end(), first);
      score_candidates(std::span(tile).first(count), scores_.data() + first);
    }
    scores_valid_ = true;
    return;
  }
  const int down = quantize_head_input(head_input());
  std::int32_t* const out = scores_.data();
  engine_->head().scores(engine_->kernels(), {head_input_u7_.data(), &down, 1}, &out);
  finish_scores();
}

// What follows the head's own.
void Session::finish_scores() noexcept {
  add_history(scores_.span());
  add_counts(scores_.span());
  scores_valid_ = true;
}

void Session::head_products(std::span<const std::int16_t> x, std::span<std::int32_t> products) noexcept {
  const PackedHead& head = engine_->head();
  const int down = quantize_head_input(x);
  std::int32_t* const out = products.data();
  head.scores(engine_->kernels(), {head_input_u7_.data(), &down, 1}, &out);
  for (std::size_t i = 0; i < products.size(); ++i)
    products[i] = saturate<std::int32_t>(std::int64_t{products[i]} - head.bias(i));
}

// Returns by how much the head's products are to be shifted down to Q15.16, 16 … 26.
int Session::quantize_head_input(std::span<const std::int16_t> u) noexcept {
  const int shift = block_shift(u);
  const std::int32_t half = shift == 0 ? 0 : 1 << (shift - 1);
  for (std::size_t j = 0; j < u.size(); ++j) {
    head_input_u7_[j] = static_cast<std::uint8_t>(((u[j] + half) >> shift) + activation_zero_point);
  }
  return head_multiplier_bits + head_input_bits - score_bits - shift;
}

Status Session::candidate_scores(std::span<const ItemIndex> candidates, std::span<std::int32_t> logits) {
  if (auto status = check_items(candidates); !status) return status;
  if (engine_->architecture().head == HeadKind::binary) {
    score_candidates(candidates, logits.data());
  } else {
    const auto all = scores();
    for (std::size_t c = 0; c < candidates.size(); ++c) logits[c] = all[candidates[c]];
  }
  return Ok{};
}

// A binary head: one step with each candidate from the carried state, which stays as it is, and the head's one row. The
// products of the carried hidden states are the same for all candidates.
void Session::score_candidates(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept {
  const std::size_t gates = std::size_t{4} * engine_->architecture().hidden_dim;
  for (std::size_t l = 0; l < engine_->lstm().size(); ++l) {
    lstm_hidden_products(engine_->lstm()[l], engine_->kernels(), layer_state(l).hidden_u7.data(), 1,
                         hidden_sums_.data() + l * gates);
  }
  for (std::size_t first = 0; first < candidates.size(); first += event_tile) {
    score_candidate_tile(candidates.subspan(first, std::min(event_tile, candidates.size() - first)), logits + first);
  }
}

void Session::score_candidate_tile(std::span<const ItemIndex> candidates, std::int32_t* logits) noexcept {
  const auto& layers = engine_->lstm();
  const Kernels& kernels = engine_->kernels();
  const std::size_t gates = std::size_t{4} * engine_->architecture().hidden_dim;
  const LayerState after{candidate_cell_, candidate_hidden_, candidate_u7_.span()};
  for (std::size_t n = 0; n < candidates.size(); ++n) {
    embed(candidates[n], inputs_u7_.data() + n * layers.front().input_weights.stride);
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    lstm_input_products(layers[l], kernels, inputs_u7_.data(), candidates.size(), input_sums_.data());
    for (std::size_t n = 0; n < candidates.size(); ++n) {
      lstm_finish_step(layers[l], kernels, input_sums_.data() + n * gates, hidden_sums_.data() + l * gates,
                       layer_state(l).cell, after);
      std::ranges::copy(after.hidden_u7, inputs_u7_.data() + n * after.hidden_u7.size());
      if (l + 1 < layers.size()) continue;
      hidden_to_head_input(after.hidden, after.hidden);
      const int down = quantize_head_input(after.hidden);
      std::int32_t* const out = logits + n;
      engine_->head().scores(kernels, {head_input_u7_.data(), &down, 1}, &out);
    }
  }
}

void Session::add_history(std::span<std::int32_t> scores) noexcept {
  const auto& term = engine_->history();
  if (!term) return;
  for (const ItemEvidence& e : history_.evidence()) {
    scores[e.item] = saturate<std::int32_t>(scores[e.item] + history_bonus(*term, e));
  }
}

void Session::add_counts(std::span<std::int32_t> scores) noexcept {
  const CountExpert* expert = engine_->counts();
  if (expert == nullptr) return;
  for (const auto& [item, count] : count_lookup_.counts(history_.events())) {
    scores[item] = saturate<std::int32_t>(scores[item] + count_bonus(*expert, count));
  }
}

std::size_t Session::recommend(const RecommendOptions& options, std::span<ScoredItem> best) noexcept {
  return recommend_by({}, options, best);
}

std::size_t Session::recommend_by(std::span<const std::int32_t> scores, const RecommendOptions& options,
                                  std::span<ScoredItem> best) noexcept {
  const auto mark = [&](std::uint8_t value) {
    for (const auto items : {options.exclude, options.hidden}) {
      for (const ItemIndex item : items) {
        if (item < excluded_.size()) excluded_[item] = value;
      }
    }
  };
  const bool by_score_alone = options.diversity == 0;
  mark(excluded_by_caller);
  const std::size_t found = find_best(scores, options, by_score_alone ? best : diverse_.candidates(best));
  mark(0);
  return by_score_alone ? found : diverse_.rank(found, options.diversity, best);
}

std::size_t Session::find_best(std::span<const std::int32_t> given, const RecommendOptions& options,
                               std::span<ScoredItem> best) noexcept {
  if (given.empty() && sketch_search_ && !scores_valid_ && !best.empty()) {
    TopK top(best);
    if (search(options, top)) return top.finish();
  }
  return top_k(engine_->kernels(), given.empty() ? scores() : given, excluded_, options.allowed, best);
}

// The items that history term and count expert add to are scored by themselves, in scores_, which holds nothing else
// meanwhile; the search is about the others.
bool Session::search(const RecommendOptions& options, TopK& top) noexcept {
  sketch_search_->set_input(head_input_u7_.data(), quantize_head_input(head_input()));
  if (engine_->history()) {
    for (const ItemEvidence& e : history_.evidence()) touch(e.item);
  }
  for (const auto& [item, count] : count_lookup_.counts(history_.events())) touch(item);
  sketch_search_->scores(touched_, scores_.data());
  add_history(scores_.span());
  add_counts(scores_.span());
  for (const ItemIndex item : touched_) {
    const bool may_come =
        excluded_[item] == scored_by_itself && (options.allowed.empty() || options.allowed[item] != 0);
    const ScoredItem candidate{item, scores_[item]};
    if (may_come && top.keeps(candidate)) top.insert(candidate);
  }
  const bool complete = sketch_search_->insert_best(excluded_, options.allowed, top);
  for (const ItemIndex item : touched_) excluded_[item] &= excluded_by_caller;
  touched_.clear();
  return complete;
}

void Session::touch(ItemIndex item) noexcept {
  if ((excluded_[item] & scored_by_itself) != 0) return;
  excluded_[item] |= scored_by_itself;
  touched_.push_back(item);
}

void Session::reset() noexcept {
  std::ranges::fill(carried_, std::int16_t{0});
  quantize_hidden_states();
  history_.clear();
  events_ = 0;
  scores_valid_ = false;
}

std::size_t Session::state_size() const noexcept {
  return state_envelope_bytes + values_at + carried_.size() * sizeof(std::int16_t) + history_.events().size_bytes();
}

void Session::export_state(std::span<std::byte> out) const noexcept {
  const auto remembered = history_.events();
  const std::size_t value_bytes = carried_.size() * sizeof(std::int16_t);
  std::byte* body = out.data() + state_header_bytes;
  store_le(body + events_at, events_);
  store_le(body + count_at, static_cast<std::uint32_t>(carried_.size()));
  store_le(body + history_count_at, static_cast<std::uint32_t>(remembered.size()));
  std::memcpy(body + values_at, carried_.data(), value_bytes);
  if (!remembered.empty()) std::memcpy(body + values_at + value_bytes, remembered.data(), remembered.size_bytes());
  seal_state(state_kind, engine_->fingerprint(), out);
}

Result<std::vector<ItemIndex>> Session::stored_history(std::span<const std::byte> bytes) {
  const auto opened = open_state(state_kind, bytes);
  if (!opened) return opened.error();
  return history_in(opened->bytes);
}

// The remembered events at the end of a body, whatever the number of values before them.
Result<std::vector<ItemIndex>> Session::history_in(std::span<const std::byte> body) {
  const bool has_counts = body.size() >= values_at;
  const std::uint64_t value_bytes =
      has_counts ? load_le<std::uint32_t>(body.data() + count_at) * std::uint64_t{sizeof(std::int16_t)} : 0;
  const std::size_t remembered = has_counts ? load_le<std::uint32_t>(body.data() + history_count_at) : 0;
  if (!has_counts || remembered > history_capacity ||
      body.size() != values_at + value_bytes + remembered * sizeof(ItemIndex)) {
    return state_error(ErrorCode::wrong_shape, state_kind, "has other bytes than the counts that it announces");
  }
  std::vector<ItemIndex> events(remembered);
  if (remembered > 0) {
    std::memcpy(events.data(), body.last(remembered * sizeof(ItemIndex)).data(), remembered * sizeof(ItemIndex));
  }
  return events;
}

Status Session::import_state(std::span<const std::byte> bytes) {
  const auto opened = open_state_of(engine_->fingerprint(), state_kind, bytes);
  if (!opened) return opened.error();
  const auto body = opened->bytes;
  const auto events = history_in(body);
  if (!events) return events.error();
  if (load_le<std::uint32_t>(body.data() + count_at) != carried_.size()) {
    return state_error(ErrorCode::wrong_shape, state_kind, "has another number of values than this model");
  }
  if (auto status = check_items(*events); !status) return status;
  std::memcpy(carried_.data(), body.data() + values_at, carried_.size() * sizeof(std::int16_t));
  quantize_hidden_states();
  history_.assign(*events);
  events_ = load_le<std::uint32_t>(body.data() + events_at);
  scores_valid_ = false;
  return Ok{};
}

}  // namespace sotto
