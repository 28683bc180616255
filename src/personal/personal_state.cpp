// A personal session's state replaced, merged with another device's, and carried over to another version of the model.
#include <sotto/personal/personal_session.hpp>
#include <sotto/personal/stored_personal_state.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

namespace sotto {
namespace {

// From so many of the latest events the taste is learned anew: about what it still remembers at its rate of decay.
constexpr std::size_t relearned_events = 256;

struct Event {
  std::int64_t time;
  ItemIndex item;
  auto operator<=>(const Event&) const = default;
};

std::vector<Event> events_of(std::span<const ItemIndex> items, std::span<const std::int64_t> times) {
  std::vector<Event> events(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) events[i] = {times[i], items[i]};
  return events;
}

// Items and times of what the memory can keep of the events.
std::pair<std::vector<ItemIndex>, std::vector<std::int64_t>> latest(std::span<const Event> events) {
  if (events.size() > history_capacity) events = events.last(history_capacity);
  std::pair<std::vector<ItemIndex>, std::vector<std::int64_t>> kept;
  for (const auto& [time, item] : events) {
    kept.first.push_back(item);
    kept.second.push_back(time);
  }
  return kept;
}

// For what is nearly in order: quick there, and a fraction of the code of the library's.
template <class Value, class Key>
void sort_nearly_sorted(std::span<Value> values, Key key) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    const Value moved = values[i];
    std::size_t place = i;
    for (; place > 0 && key(moved) < key(values[place - 1]); --place) values[place] = values[place - 1];
    values[place] = moved;
  }
}

// The events of both in the order of their times, those that both have once. Within one moment items are in the order
// of their indices, so that both devices come to the same.
std::vector<Event> merged(std::vector<Event> ours, std::vector<Event> theirs) {
  const auto as_it_is = [](const Event& event) { return event; };
  sort_nearly_sorted(std::span(ours), as_it_is);
  sort_nearly_sorted(std::span(theirs), as_it_is);
  std::vector<Event> both;
  both.reserve(ours.size() + theirs.size());
  std::ranges::set_union(ours, theirs, std::back_inserter(both));
  return both;
}

// Sums and shares that are the same from both sides.
struct Shares {
  double ours;
  double theirs;
  Shares(std::uint32_t our_events, std::uint32_t their_events) {
    const double all = static_cast<double>(our_events) + static_cast<double>(their_events);
    ours = all == 0 ? 0.5 : our_events / all;
    theirs = all == 0 ? 0.5 : their_events / all;
  }
  [[nodiscard]] float mean(float our_value, float their_value) const noexcept {
    return static_cast<float>(ours * static_cast<double>(our_value) + theirs * static_cast<double>(their_value));
  }
};

GateRecord sum(const GateRecord& a, const GateRecord& b) noexcept {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  return {a.events > most - b.events ? most : a.events + b.events, a.base_log_likelihood + b.base_log_likelihood,
          a.personal_log_likelihood + b.personal_log_likelihood};
}

}  // namespace

Status PersonalSession::check(const StoredPersonalState& stored) const {
  if (stored.fingerprint != engine_->fingerprint())
    return state_error(ErrorCode::mismatch, personal_state_kind, "belongs to another model");
  if (stored.taste.size() != taste_.values().size())
    return state_error(ErrorCode::wrong_shape, personal_state_kind, "has a taste of another size than this model's");
  if (!taste_.could_be(stored.taste))
    return state_error(ErrorCode::malformed, personal_state_kind, "has a taste that no learning comes to");
  if (auto status = session_.check_items(stored.shown); !status) return status;
  if (auto status = session_.check_items(stored.events); !status) return status;
  for (const auto& [item, until] : stored.hidden) {
    if (auto status = session_.check_items({&item, 1}); !status) return status;
  }
  return Ok{};
}

Status PersonalSession::import_state(std::span<const std::byte> bytes) {
  const auto stored = read_personal_state(bytes);
  if (!stored) return stored.error();
  if (auto status = check(*stored); !status) return status;
  if (auto status = session_.import_state(stored->session); !status) return status;
  // Nothing can fail from here on.
  expected_valid_ = false;
  moves_valid_ = false;
  memory_.assign(stored->events, stored->times);
  memory_weight_ = stored->memory_weight;
  taste_.restore(stored->taste);
  gate_.restore(stored->gate_weights, stored->gate_record);
  learning_ = stored->learning;
  hidden_.assign(stored->hidden);
  impressions_.assign(stored->shown);
  return Ok{};
}

Status PersonalSession::merge_state(std::span<const std::byte> bytes) {
  const auto stored = read_personal_state(bytes);
  if (!stored) return stored.error();
  if (auto status = check(*stored); !status) return status;

  const auto [items, times] =
      latest(merged(events_of(memory_.events(), memory_.times()), events_of(stored->events, stored->times)));
  const Shares shares(gate_.record().events, stored->gate_record.events);
  for (std::size_t w = 0; w < memory_weights; ++w) {
    memory_weight_[w] = shares.mean(memory_weight_[w], stored->memory_weight[w]);
  }
  std::vector<float> taste(taste_.values().begin(), taste_.values().end());
  for (std::size_t c = 0; c < taste.size(); ++c) taste[c] = shares.mean(taste[c], stored->taste[c]);
  taste_.restore(taste);
  Gate::Weights trust{};
  for (std::size_t k = 0; k < Gate::predictors; ++k) {
    trust[k] = shares.mean(gate_.weights()[k], stored->gate_weights[k]);
  }
  gate_.restore(trust, sum(gate_.record(), stored->gate_record));
  std::vector<HiddenItem> hidden(stored->hidden);
  for (const auto& [item, until] : hidden) hidden_.hide(item, until);
  hidden.assign(hidden_.all().begin(), hidden_.all().end());
  sort_nearly_sorted(std::span(hidden), [](const HiddenItem& h) { return std::pair(h.until, h.item); });
  hidden_.assign(hidden);
  impressions_.clear();
  replay(items, times, 0);
  return Ok{};
}

Status PersonalSession::carry_over_state(std::span<const std::byte> bytes, std::span<const ItemPair> pairs) {
  const auto stored = read_personal_state(bytes);
  if (!stored) return stored.error();
  for (const auto& [theirs, ours] : pairs) {
    if (auto status = session_.check_items({&ours, 1}); !status) return status;
  }
  const auto ours = [&](ItemIndex theirs) { return std::ranges::find(pairs, theirs, &ItemPair::theirs); };
  std::vector<ItemIndex> items;
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i < stored->events.size(); ++i) {
    const auto pair = ours(stored->events[i]);
    if (pair == pairs.end()) continue;
    items.push_back(pair->ours);
    times.push_back(stored->times[i]);
  }
  reset();
  memory_weight_ = stored->memory_weight;
  replay(items, times, relearned_events);
  gate_.restore(stored->gate_weights, stored->gate_record);
  learning_ = stored->learning;
  for (const auto& [item, until] : stored->hidden) {
    if (const auto pair = ours(item); pair != pairs.end()) hidden_.hide(pair->ours, until);
  }
  return Ok{};
}

// State and memory anew from the events; the taste goes on from where it is, with the latest of them.
void PersonalSession::replay(std::span<const ItemIndex> items, std::span<const std::int64_t> times,
                             std::size_t relearned) noexcept {
  session_.reset();
  memory_.clear();
  taste_.clear_events();
  expected_valid_ = false;
  moves_valid_ = false;
  const std::size_t first = items.size() - std::min(relearned, items.size());
  (void)recall(items.first(first), times.first(first));
  for (std::size_t i = first; i < items.size(); ++i) {
    reinforce(items[i], options_.weights[FeedbackKind::click], times[i]);
    (void)recall(items.subspan(i, 1), times.subspan(i, 1));
  }
}

}  // namespace sotto
