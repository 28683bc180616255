// Replaces a personal user's state, merges it with another device's state, and carries it over to another version of
// the model.
#include <sotto/base/internal/insertion_sort.hpp>
#include <sotto/personal/internal/stored_personal_state.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace sotto {
namespace {

// The taste is learned again from this many of the latest events. With its rate of decay, it remembers about as many.
constexpr std::size_t relearned_events = 256;

struct Event {
  std::int64_t time;
  ItemIndex item;
};

std::vector<Event> events_of(std::span<const ItemIndex> items, std::span<const std::int64_t> times) {
  std::vector<Event> events(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) events[i] = {times[i], items[i]};
  return events;
}

// Returns the items and times of the events that the memory can keep.
std::pair<std::vector<ItemIndex>, std::vector<std::int64_t>> latest(std::span<const Event> events) {
  if (events.size() > history_capacity) events = events.last(history_capacity);
  std::pair<std::vector<ItemIndex>, std::vector<std::int64_t>> kept;
  for (const auto& [time, item] : events) {
    kept.first.push_back(item);
    kept.second.push_back(time);
  }
  return kept;
}

using Moment = std::span<const Event>;  // the events of one moment, in the order in which they came

// Tells whether b's event there is an additional event of its item that a does not have.
bool is_missing(Moment a, Moment b, std::size_t at) {
  const auto count = [&](Moment events) { return std::ranges::count(events, b[at].item, &Event::item); };
  return count(a) < count(b.first(at + 1));
}

std::size_t missing(Moment a, Moment b) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < b.size(); ++at) {
    if (is_missing(a, b, at)) ++count;
  }
  return count;
}

struct BothHistories {
  std::vector<Event> events;  // in time order; events of both sides appear once
  std::size_t only_ours = 0;
  std::size_t only_theirs = 0;

  // First come the events of the side that lacks fewer of the other's events, in its order. A basket keeps its order if
  // one side has all of it. Then come the missing events. The result is the same from either side.
  void add(Moment ours, Moment theirs) {
    const std::size_t ours_lack = missing(ours, theirs);
    const std::size_t theirs_lack = missing(theirs, ours);
    only_ours += theirs_lack;
    only_theirs += ours_lack;
    const bool ours_first = ours_lack == theirs_lack
                                ? std::ranges::lexicographical_compare(ours, theirs, {}, &Event::item, &Event::item)
                                : ours_lack < theirs_lack;
    const Moment first = ours_first ? ours : theirs;
    const Moment second = ours_first ? theirs : ours;
    events.insert(events.end(), first.begin(), first.end());
    for (std::size_t at = 0; at < second.size(); ++at) {
      if (is_missing(first, second, at)) events.push_back(second[at]);
    }
  }
};

// Takes the events of one moment from the front.
Moment take(Moment& events, std::int64_t now) {
  std::size_t size = 0;
  while (size < events.size() && events[size].time == now) ++size;
  const Moment moment = events.first(size);
  events = events.subspan(size);
  return moment;
}

BothHistories merged(std::vector<Event> our_events, std::vector<Event> their_events) {
  // A state that was made by observing events is already in order.
  const auto earlier = [](const Event& a, const Event& b) { return a.time < b.time; };
  insertion_sort(std::span(our_events), earlier);
  insertion_sort(std::span(their_events), earlier);
  BothHistories both;
  Moment ours(our_events);
  Moment theirs(their_events);
  while (!ours.empty() || !theirs.empty()) {
    const bool is_ours = theirs.empty() || (!ours.empty() && ours.front().time < theirs.front().time);
    const std::int64_t now = is_ours ? ours.front().time : theirs.front().time;
    const Moment our_moment = take(ours, now);
    both.add(our_moment, take(theirs, now));
  }
  return both;
}

// The mean is weighted by the events that only one side has, because lessons from the other events are in both sides.
// If two devices take turns, the one that was used last has the full weight. The result is the same from both sides.
struct Shares {
  double ours = 0.5;
  double theirs = 0.5;
  explicit Shares(const BothHistories& both) {
    const auto apart = static_cast<double>(both.only_ours + both.only_theirs);
    if (apart == 0) return;
    ours = static_cast<double>(both.only_ours) / apart;
    theirs = static_cast<double>(both.only_theirs) / apart;
  }
  [[nodiscard]] float mean(float our_value, float their_value) const noexcept {
    return static_cast<float>(ours * static_cast<double>(our_value) + theirs * static_cast<double>(their_value));
  }
};

// The result is the longer record, plus the shorter record's mean for each event that the longer one does not have. A
// repeated merge does not change it.
GateRecord united(GateRecord longer, std::size_t only_longer, GateRecord shorter, std::size_t only_shorter) noexcept {
  const auto sum = [](const GateRecord& record) { return record.base_log_likelihood + record.personal_log_likelihood; };
  if (longer.events == shorter.events ? sum(longer) < sum(shorter) : longer.events < shorter.events) {
    std::swap(longer, shorter);
    only_shorter = only_longer;
  }
  constexpr std::uint32_t max_events = std::numeric_limits<std::uint32_t>::max();
  const std::uint32_t added =
      std::min({static_cast<std::uint32_t>(only_shorter), shorter.events, max_events - longer.events});
  if (added == 0) return longer;
  const double share = static_cast<double>(added) / shorter.events;
  return {longer.events + added, longer.base_log_likelihood + share * shorter.base_log_likelihood,
          longer.personal_log_likelihood + share * shorter.personal_log_likelihood};
}

}  // namespace

Status PersonalSession::check(const StoredPersonalState& stored) const {
  if (stored.fingerprint != engine().fingerprint())
    return state_error(ErrorCode::mismatch, personal_state_kind, "belongs to another model");
  if (stored.taste.size() != user_->taste_.values().size())
    return state_error(ErrorCode::wrong_shape, personal_state_kind, "has a taste of another size than this model's");
  if (!user_->taste_.could_be(stored.taste))
    return state_error(ErrorCode::malformed, personal_state_kind, "has a taste that no learning comes to");
  if (auto status = engine().check_items(stored.shown); !status) return status;
  if (auto status = engine().check_items(stored.state.history); !status) return status;
  for (const auto& [item, until] : stored.hidden) {
    if (auto status = engine().check_items({&item, 1}); !status) return status;
  }
  return Ok{};
}

Status PersonalSession::import_state(std::span<const std::byte> bytes) {
  const auto stored = read_personal_state(bytes);
  if (!stored) return stored.error();
  if (auto status = check(*stored); !status) return status;
  if (auto status = check_state(engine(), stored->state); !status) return status;
  // Nothing can fail after this point.
  PersonalUser& user = *user_;
  user.clear_waiting();
  user.state_.restore(stored->state);
  user.times_.assign(stored->times);
  user.memory_weight_ = stored->memory_weight;
  user.taste_.restore(stored->taste);
  user.gate_.restore(stored->gate_weights, stored->gate_record);
  user.trend_belief_.restore(stored->trend_record);
  user.learning_ = stored->learning;
  user.hidden_.assign(stored->hidden);
  user.impressions_.assign(stored->shown);
  return Ok{};
}

Status PersonalSession::merge_state(std::span<const std::byte> bytes) {
  const auto stored = read_personal_state(bytes);
  if (!stored) return stored.error();
  if (auto status = check(*stored); !status) return status;
  relearn_all();

  PersonalUser& user = *user_;
  const BothHistories both =
      merged(events_of(user.state_.history(), user.times()), events_of(stored->state.history, stored->times));
  const auto [items, times] = latest(both.events);
  const Shares shares(both);
  for (std::size_t w = 0; w < memory_weights; ++w) {
    user.memory_weight_[w] = shares.mean(user.memory_weight_[w], stored->memory_weight[w]);
  }
  std::vector<float> taste(user.taste_.values().begin(), user.taste_.values().end());
  for (std::size_t c = 0; c < taste.size(); ++c) taste[c] = shares.mean(taste[c], stored->taste[c]);
  user.taste_.restore(taste);
  Gate::Weights weights{};
  for (std::size_t k = 0; k < Gate::predictors; ++k) {
    weights[k] = shares.mean(user.gate_.weights()[k], stored->gate_weights[k]);
  }
  user.gate_.restore(weights, united(user.gate_.record(), both.only_ours, stored->gate_record, both.only_theirs));
  user.trend_belief_.restore(shares.mean(user.trend_belief_.record(), stored->trend_record));
  std::vector<HiddenItem> hidden(stored->hidden);
  for (const auto& [item, until] : hidden) user.hidden_.hide(item, until);
  hidden.assign(user.hidden_.all().begin(), user.hidden_.all().end());
  insertion_sort(std::span(hidden), [](const HiddenItem& a, const HiddenItem& b) {
    return a.until != b.until ? a.until < b.until : a.item < b.item;
  });
  user.hidden_.assign(hidden);
  user.impressions_.clear();
  replay(items, times);
  return Ok{};
}

Status PersonalSession::carry_over_state(std::span<const std::byte> bytes, std::span<const ItemPair> pairs) {
  const auto stored = read_personal_state(bytes);
  if (!stored) return stored.error();
  for (const auto& [theirs, ours] : pairs) {
    if (auto status = engine().check_items({&ours, 1}); !status) return status;
  }
  if (!std::ranges::is_sorted(pairs, {}, &ItemPair::theirs)) {
    return Error{ErrorCode::invalid_argument, "pairs of items are not in the order of their first"};
  }
  const auto ours = [&](ItemIndex theirs) {
    const auto pair = std::ranges::lower_bound(pairs, theirs, {}, &ItemPair::theirs);
    return pair != pairs.end() && pair->theirs == theirs ? pair : pairs.end();
  };
  std::vector<ItemIndex> items;
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i < stored->state.history.size(); ++i) {
    const auto pair = ours(stored->state.history[i]);
    if (pair == pairs.end()) continue;
    items.push_back(pair->ours);
    times.push_back(stored->times[i]);
  }
  reset();
  PersonalUser& user = *user_;
  user.memory_weight_ = stored->memory_weight;
  const std::size_t first = items.size() - std::min(relearned_events, items.size());
  replay(std::span(items).first(first), std::span(times).first(first));
  user.waiting_items_ = std::move(items);
  user.waiting_times_ = std::move(times);
  user.relearned_ = first;
  user.gate_.restore(stored->gate_weights, stored->gate_record);
  user.trend_belief_.restore(stored->trend_record);
  user.learning_ = stored->learning;
  for (const auto& [item, until] : stored->hidden) {
    if (const auto pair = ours(item); pair != pairs.end()) user.hidden_.hide(pair->ours, until);
  }
  return Ok{};
}

std::size_t PersonalSession::relearn(std::size_t events) {
  PersonalUser& user = *user_;
  if (user.waiting() == 0) return 0;
  const bool learning = std::exchange(user.learning_, true);
  for (; events > 0 && user.waiting() > 0; --events, ++user.relearned_) {
    const ItemIndex item = user.waiting_items_[user.relearned_];
    const std::int64_t time = user.waiting_times_[user.relearned_];
    reinforce(item, user.weights_[FeedbackKind::click], time);
    remember(item, time);
  }
  user.learning_ = learning;
  const std::size_t left = user.waiting();
  if (left == 0) user.clear_waiting();
  return left;
}

// Computes state and memory again from the events. The taste continues from its present value.
void PersonalSession::replay(std::span<const ItemIndex> items, std::span<const std::int64_t> times) {
  user_->state_.reset();
  user_->times_.clear();
  user_->taste_.clear_events();
  for (std::size_t i = 0; i < items.size(); ++i) remember(items[i], times[i]);
}

}  // namespace sotto
