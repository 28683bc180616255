#include <sotto/personal/memory_lookup.hpp>

#include <algorithm>
#include <bit>

namespace sotto {
namespace {

constexpr std::size_t repeat_window = 32;   // the latest events that the repeat rate covers
constexpr std::size_t min_for_rate = 4;   // with fewer events it is unknown
constexpr std::size_t sequence_sources = 6;  // this visit's latest events whose sequences are looked up
constexpr std::size_t sequence_reach = 8;    // events that are checked after an earlier occurrence
// 0.6^age and 0.7^(distance from the expected place), at 2^-16.
constexpr std::array<std::uint32_t, sequence_sources> source_weight{65536, 39322, 23593, 14156, 8493, 5096};
constexpr std::array<std::uint32_t, sequence_reach> place_weight{65536, 45875, 32113, 22479, 15735, 11015, 7710, 5397};
// Edges of the buckets from 2 on: 2^((b - 5.5) / 1.5), at 2^-16.
constexpr std::array<std::uint32_t, 8> sequence_edges{13004, 20643, 32768, 52016, 82570, 131072, 208064, 330281};
// Half octaves around 1.
constexpr std::array<float, 9> rhythm_edges{0.2102F, 0.2973F, 0.4204F, 0.5946F, 0.8409F,
                                            1.1892F, 1.6818F, 2.3784F, 3.3636F};
constexpr std::int64_t shortest_rhythm_seconds = 3600;
constexpr std::int64_t elapsed_unit_seconds = 225;
constexpr std::int64_t just_now_seconds = 60;

// Returns 0 for 0, else 1 + the number of doublings.
std::size_t doublings(std::uint64_t value) noexcept { return static_cast<std::size_t>(std::bit_width(value)); }

// Returns the number of halvings from 1 to the probability, rounded down. It is read from the bits of the exponent.
std::size_t halvings(float probability) noexcept {
  constexpr std::uint32_t exponent_of_half = 126;
  const std::uint32_t exponent = std::bit_cast<std::uint32_t>(probability) >> 23;
  return exponent_of_half - std::min(exponent, exponent_of_half);
}

template <class Value, std::size_t n>
std::size_t edges_reached(const std::array<Value, n>& edges, Value value) noexcept {
  return static_cast<std::size_t>(std::ranges::upper_bound(edges, value) - edges.begin());
}

}  // namespace

struct MemoryLookup::Moment {
  std::int64_t now;
  bool in_visit;
  std::uint32_t visit;       // visit of the last event
  std::size_t visit_begin;   // place of the present visit's first event; outside a visit it is behind all places
  std::size_t repeat_rate;   // bucket
  std::size_t latest_events;  // bucket
};

MemoryLookup::MemoryLookup(std::uint32_t items)
    : visit_(history_capacity),
      repeats_(history_capacity),
      shared_(history_capacity),
      past_(history_capacity),
      evidence_(history_capacity),
      slot_(items) {}

std::span<const MemoryEvidence> MemoryLookup::evidence(const TimedHistory& history, std::int64_t now,
                                                       std::span<const float> expected) noexcept {
  if (history.events.empty()) return {};
  history_ = history;
  number_visits();
  collect_past();
  const Moment moment = moment_at(std::max(now, history.times.back()));
  if (moment.in_visit) {
    count_company(moment);
    follow_sequences(moment);
  }
  for (std::size_t i = 0; i < past_size_; ++i) {
    evidence_[i] = features(past_[i], moment, expected[past_[i].item]);
    slot_[past_[i].item] = 0;
  }
  return {evidence_.data(), past_size_};
}

void MemoryLookup::number_visits() noexcept {
  visit_[0] = 0;
  for (std::size_t place = 1; place < length(); ++place) {
    const bool new_visit = history_.times[place] - history_.times[place - 1] >= visit_gap_seconds;
    visit_[place] = visit_[place - 1] + (new_visit ? 1 : 0);
  }
}

void MemoryLookup::collect_past() noexcept {
  past_size_ = 0;
  for (std::size_t place = 0; place < length(); ++place) {
    std::uint16_t& slot = slot_[history_.events[place]];
    repeats_[place] = slot == 0 ? 0 : 1;
    if (slot == 0) {
      past_[past_size_] = {.item = history_.events[place],
                           .last_place = 0,
                           .first_visit = visit_[place],
                           .last_visit = visit_[place],
                           .visits = 1,
                           .company = 0,
                           .credited_visit = 0,
                           .follows = 0,
                           .sequence = 0,
                           .first_time = history_.times[place]};
      slot = static_cast<std::uint16_t>(++past_size_);
    }
    Past& past = past_[slot - 1U];
    if (past.last_visit != visit_[place]) ++past.visits;
    past.last_visit = visit_[place];
    past.last_place = static_cast<std::uint32_t>(place);
  }
}

MemoryLookup::Moment MemoryLookup::moment_at(std::int64_t now) const noexcept {
  Moment moment{.now = now,
                .in_visit = now - history_.times[length() - 1] < visit_gap_seconds,
                .visit = visit_[length() - 1],
                .visit_begin = length(),
                .repeat_rate = 0,
                .latest_events = 0};
  if (moment.in_visit) {
    while (moment.visit_begin > 0 && visit_[moment.visit_begin - 1] == moment.visit) --moment.visit_begin;
  }
  const std::size_t counted = std::min(length(), repeat_window);
  if (counted >= min_for_rate) {
    std::size_t repeats = 0;
    for (std::size_t place = length() - counted; place < length(); ++place) repeats += repeats_[place];
    moment.repeat_rate = 1 + std::min<std::size_t>(8, 9 * repeats / counted);
  }
  std::size_t digit = 1;
  for (std::size_t back = 1; back <= 3 && back <= length(); ++back, digit *= 3) {
    const std::size_t place = length() - back;
    if (place >= moment.visit_begin) moment.latest_events += digit * (1U + repeats_[place]);
  }
  return moment;
}

// Counts an earlier visit's events on items of the present one. Each item of that visit is credited with all of them.
void MemoryLookup::count_company(const Moment& moment) noexcept {
  std::fill_n(shared_.begin(), moment.visit + 1, 0U);
  for (std::size_t place = 0; place < moment.visit_begin; ++place) {
    if (past_of(place).last_visit == moment.visit) ++shared_[visit_[place]];
  }
  for (std::size_t place = 0; place < moment.visit_begin; ++place) {
    Past& past = past_of(place);
    if (past.credited_visit == visit_[place] + 1) continue;
    past.credited_visit = visit_[place] + 1;
    past.company += shared_[visit_[place]];
  }
}

void MemoryLookup::follow_sequences(const Moment& moment) noexcept {
  for (std::size_t age = 0; age < sequence_sources && age < length() - moment.visit_begin; ++age) {
    const std::size_t here = length() - 1 - age;
    for (std::size_t place = 0; place < here; ++place) {
      if (history_.events[place] != history_.events[here]) continue;
      for (std::size_t step = 1; step <= sequence_reach && place + step < here; ++step) {
        if (visit_[place + step] != visit_[place]) break;
        Past& past = past_of(place + step);
        // After an event with this age, the next item is expected age + 1 steps later.
        const std::size_t off = step > age + 1 ? step - age - 1 : age + 1 - step;
        const std::uint32_t weight = (source_weight[age] >> 8) * (place_weight[off] >> 8);
        past.sequence = std::min(past.sequence + weight, 1U << 24);
        if (age == 0 && step == 1) ++past.follows;
      }
    }
  }
}

MemoryEvidence MemoryLookup::features(const Past& past, const Moment& moment, float expected) const noexcept {
  const std::int64_t elapsed = moment.now - history_.times[past.last_place];
  const bool in_this_visit = moment.in_visit && past.last_visit == moment.visit;
  const std::uint32_t visits_since_first = moment.visit - past.first_visit + 1;
  const std::uint32_t visits_ago = moment.visit - past.last_visit + (moment.in_visit ? 0U : 1U);
  std::size_t rhythm = 0;
  if (past.visits >= 2) {
    const std::int64_t interval = (history_.times[past.last_place] - past.first_time) / (past.visits - 1);
    rhythm = 1 + edges_reached(rhythm_edges, static_cast<float>(elapsed) /
                                                 static_cast<float>(std::max(interval, shortest_rhythm_seconds)));
  }
  const std::array<std::size_t, memory_features> bucket{
      in_this_visit && elapsed < just_now_seconds
          ? 0
          : doublings(static_cast<std::uint64_t>(elapsed / elapsed_unit_seconds)),
      doublings(length() - past.last_place) - 1,
      8 * std::size_t{past.visits} / visits_since_first,
      rhythm,
      past.sequence == 0 ? 0 : 1 + edges_reached(sequence_edges, past.sequence),
      past.follows,
      moment.repeat_rate,
      doublings(past.company),
      moment.latest_events,
      doublings(length() - moment.visit_begin),
      5 * std::min<std::size_t>(3, doublings(past.visits)) + std::min(4U, visits_ago),
      halvings(expected)};
  MemoryEvidence evidence{.item = past.item, .weight = {}};
  const std::size_t begin = moment.in_visit ? 0 : memory_weights_of_moment;
  for (std::size_t f = 0; f < memory_features; ++f) {
    const std::size_t last = memory_buckets[f] - 1U;
    evidence.weight[f] = static_cast<std::uint16_t>(begin + memory_weight_begin[f] + std::min(bucket[f], last));
  }
  return evidence;
}

}  // namespace sotto
