#include <sotto/data/raw_events.hpp>
#include <sotto/data/timestamp.hpp>

#include <algorithm>
#include <numeric>
#include <span>
#include <unordered_map>

namespace sotto::data {
namespace {

constexpr std::int64_t floor_to_seconds(std::int64_t us) noexcept {
  return us >= 0 ? us / us_per_second : -((us_per_second - 1 - us) / us_per_second);
}

// Moves a column's values to the places of their users. The file's order within each user is kept.
template <class From, class To, class Convert>
void scatter(const ChunkedColumn<std::uint32_t>& user, ChunkedColumn<From>& from,
             const std::vector<std::size_t>& user_begin, std::vector<To>& to, Convert&& convert) {
  to.resize(from.size());
  std::vector<std::size_t> next(user_begin.begin(), user_begin.end() - 1);
  from.consume([&](std::size_t i, From value) { to[next[user[i]]++] = convert(value); });
}

// Moves values into the order of `order`, which lists their present places.
template <class T>
void reorder(std::span<T> values, const std::vector<std::uint32_t>& order, std::vector<T>& scratch) {
  scratch.assign(values.begin(), values.end());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = scratch[order[i]];
}

// Looks at the order of every user's events in the file.
Disorder measure_disorder(const Interactions& log) {
  Disorder disorder;
  std::size_t forwards = 0;
  for (std::size_t user = 0; user < log.users(); ++user) {
    const auto times = log.times_of(user);
    std::size_t backwards = 0;
    for (std::size_t i = 1; i < times.size(); ++i) {
      if (times[i] < times[i - 1]) ++backwards;
      if (times[i] > times[i - 1]) ++forwards;
    }
    disorder.events_backwards += backwards;
    if (backwards > 0) ++disorder.users_backwards;
  }
  constexpr std::size_t min_share = 99;  // backwards for each that is forwards
  constexpr std::size_t min_backwards = 2;
  if (disorder.events_backwards >= min_backwards && disorder.events_backwards >= min_share * forwards) {
    disorder = {.events_backwards = 0, .users_backwards = 0, .newest_first = true};
  }
  return disorder;
}

// Sorts the events of one user at a time.
class UserSorter {
 public:
  UserSorter(Interactions& log, std::vector<std::uint32_t>& session, bool newest_first)
      : log_(log), session_(session), newest_first_(newest_first) {}

  void sort(std::size_t begin, std::size_t count) {
    const auto times = std::span(log_.timestamp).subspan(begin, count);
    const bool backwards = !std::ranges::is_sorted(times);
    if (!backwards && !newest_first_ && session_.empty()) return;

    order_.resize(count);
    std::iota(order_.begin(), order_.end(), 0U);
    if (newest_first_) std::ranges::reverse(order_);
    if (backwards || newest_first_) std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) { return times[i]; });
    if (!session_.empty()) order_by_session(begin);
    reorder(times, order_, scratch_times_);
    reorder(std::span(log_.item).subspan(begin, count), order_, scratch_indices_);
    if (!log_.weight.empty()) reorder(std::span(log_.weight).subspan(begin, count), order_, scratch_weights_);
    if (!session_.empty()) mark_sessions(begin, count);
  }

 private:
  // Sessions follow each other by the time of their first events.
  void order_by_session(std::size_t begin) {
    rank_.clear();
    for (const std::uint32_t i : order_) rank_.try_emplace(session_[begin + i], rank_.size());
    if (rank_.size() == 1) return;
    std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) { return rank_.find(session_[begin + i])->second; });
  }

  void mark_sessions(std::size_t begin, std::size_t count) {
    reorder(std::span(session_).subspan(begin, count), order_, scratch_indices_);
    for (std::size_t i = begin; i < begin + count; ++i)
      log_.begins_session[i] = i == begin || session_[i] != session_[i - 1];
  }

  Interactions& log_;
  std::vector<std::uint32_t>& session_;
  bool newest_first_;
  std::vector<std::uint32_t> order_;
  std::unordered_map<std::uint32_t, std::size_t> rank_;  // ranks of the user's sessions
  std::vector<std::int64_t> scratch_times_;
  std::vector<std::uint32_t> scratch_indices_;
  std::vector<float> scratch_weights_;
};

}  // namespace

double tie_share(const Interactions& log) {
  std::size_t pairs = 0;
  std::size_t ties = 0;
  for (std::size_t user = 0; user < log.users(); ++user) {
    const auto times = log.times_of(user);
    for (std::size_t i = 1; i < times.size(); ++i, ++pairs) {
      if (times[i] == times[i - 1]) ++ties;
    }
  }
  return pairs == 0 ? 0 : static_cast<double>(ties) / static_cast<double>(pairs);
}

Disorder group_by_user(RawEvents raw, Interactions& log) {
  log.user_begin.assign(log.users() + 1, 0);
  raw.user.for_each([&log](std::size_t, std::uint32_t user) { ++log.user_begin[user + 1]; });
  std::partial_sum(log.user_begin.begin(), log.user_begin.end(), log.user_begin.begin());

  const auto as_it_is = [](auto value) { return value; };
  std::vector<std::uint32_t> session;
  scatter(raw.user, raw.item, log.user_begin, log.item, as_it_is);
  scatter(raw.user, raw.session, log.user_begin, session, as_it_is);
  scatter(raw.user, raw.time_us, log.user_begin, log.timestamp, as_it_is);
  scatter(raw.user, raw.weight_index, log.user_begin, log.weight,
          [&raw](std::uint8_t index) { return raw.weights[index]; });
  raw.user.clear();
  if (std::ranges::all_of(log.weight, [](float weight) { return weight == 1; })) log.weight = {};

  const Disorder disorder = measure_disorder(log);
  log.begins_session.resize(session.size());
  UserSorter sorter(log, session, disorder.newest_first);
  for (std::size_t user = 0; user < log.users(); ++user)
    sorter.sort(log.user_begin[user], log.user_begin[user + 1] - log.user_begin[user]);
  log.finer_than_seconds = std::ranges::any_of(log.timestamp, [](std::int64_t us) { return us % us_per_second != 0; });
  if (log.finer_than_seconds) log.fine_tie_share = tie_share(log);
  for (std::int64_t& time : log.timestamp) time = floor_to_seconds(time);
  return disorder;
}

}  // namespace sotto::data
