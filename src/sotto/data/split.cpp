#include <sotto/data/split.hpp>

#include <algorithm>

namespace sotto::data {
namespace {

constexpr std::size_t held_out_share = 10;  // one in this many events is for the test, and as many for validation

}  // namespace

Split::Split(const Interactions& log, SplitKind kind) : log_(&log), kind_(kind) {
  for (std::size_t user = 0; user < log.users(); ++user) training_end_.push_back(log.items_of(user).size());
  validation_end_ = training_end_;
  switch (kind) {
    case SplitKind::leave_last_out: leave_last_out(); break;
    case SplitKind::temporal: cut_in_time(); break;
    case SplitKind::last_session: hold_out_last_sessions(); break;
    case SplitKind::none: break;
  }
}

void Split::leave_last_out() {
  for (std::size_t user = 0; user < log_->users(); ++user) {
    const std::size_t events = log_->items_of(user).size();
    if (events < min_events_to_hold_out) continue;
    training_end_[user] = events - 2;
    validation_end_[user] = events - 1;
  }
}

void Split::hold_out_last_sessions() {
  if (log_->begins_session.empty()) return;
  for (std::size_t user = 0; user < log_->users(); ++user) {
    std::size_t begins[min_sessions_to_hold_out] = {};  // the user's last sessions, the last one first
    std::size_t sessions = 0;
    for (std::size_t event = log_->items_of(user).size(); event-- > 0 && sessions < min_sessions_to_hold_out;) {
      if (log_->begins_session[log_->user_begin[user] + event]) begins[sessions++] = event;
    }
    if (sessions < min_sessions_to_hold_out) continue;
    training_end_[user] = begins[1];
    validation_end_[user] = begins[0];
  }
}

// Events with equal times are on the same side, so that the cuts do not depend on the order of users.
void Split::cut_in_time() {
  std::vector<std::int64_t> times = log_->timestamp;
  if (times.empty()) return;
  const auto cut_before = [&times](std::size_t last_events) {
    const auto place =
        times.begin() + static_cast<std::ptrdiff_t>(times.size() - std::max<std::size_t>(1, last_events));
    std::ranges::nth_element(times, place);
    return *place;
  };
  const std::int64_t test_begins = cut_before(times.size() / held_out_share);
  const std::int64_t validation_begins = cut_before(2 * times.size() / held_out_share);
  for (std::size_t user = 0; user < log_->users(); ++user) {
    // The range ends at the first event at that time or later. Sessions inside users may overlap in time.
    const auto own = log_->times_of(user);
    const auto count_before = [&own](std::int64_t time) {
      return static_cast<std::size_t>(std::ranges::find_if(own, [=](auto t) { return t >= time; }) - own.begin());
    };
    training_end_[user] = count_before(validation_begins);
    validation_end_[user] = count_before(test_begins);
  }
}

SplitRecord Split::record() const {
  SplitRecord record;
  record.kind = split_kind_name(kind_);
  for (std::size_t user = 0; user < log_->users(); ++user) {
    record.training_events += training_items(user).size();
    record.validation_targets += validation_targets(user).size();
    record.test_targets += test_targets(user).size();
  }
  return record;
}

Split Split::with_validation_trained() const {
  Split split = *this;
  split.training_end_ = validation_end_;
  return split;
}

namespace {

template <class RangeOf>
std::vector<Target> list_targets(const Split& split, const RangeOf& range_of) {
  std::vector<Target> targets;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    const EventRange range = range_of(user);
    for (std::size_t event = range.begin; event < range.end; ++event) targets.push_back({user, event});
  }
  return targets;
}

}  // namespace

std::vector<Target> validation_targets(const Split& split) {
  return list_targets(split, [&split](std::size_t user) { return split.validation_targets(user); });
}

std::vector<Target> test_targets(const Split& split) {
  return list_targets(split, [&split](std::size_t user) { return split.test_targets(user); });
}

std::vector<std::uint64_t> training_counts(const Split& split) {
  std::vector<std::uint64_t> counts(split.log().item_ids.size());
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    for (const ItemIndex item : split.training_items(user)) ++counts[item];
  }
  return counts;
}

std::vector<std::span<const ItemIndex>> sample_training_sequences(const Split& split, std::size_t events) {
  const Interactions& log = split.log();
  const std::size_t every = std::max<std::size_t>(1, log.events() / std::max<std::size_t>(1, events));
  std::vector<std::span<const ItemIndex>> sequences;
  for (std::size_t user = 0; user < log.users(); user += every) sequences.push_back(split.training_items(user));
  return sequences;
}

std::string_view split_kind_name(SplitKind kind) noexcept {
  switch (kind) {
    case SplitKind::leave_last_out: return "leave-last-out";
    case SplitKind::temporal: return "temporal";
    case SplitKind::last_session: return "last-session";
    case SplitKind::none: return "none";
  }
  return "";
}

std::optional<SplitKind> parse_split_kind(std::string_view name) noexcept {
  for (const SplitKind kind :
       {SplitKind::leave_last_out, SplitKind::temporal, SplitKind::last_session, SplitKind::none}) {
    if (name == split_kind_name(kind)) return kind;
  }
  return std::nullopt;
}

bool history_never_repeats(const Split& split) {
  std::size_t events = 0;
  std::size_t repeats = 0;
  std::vector<ItemIndex> items;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    const auto training = split.training_items(user);
    items.assign(training.begin(), training.end());
    std::ranges::sort(items);
    events += items.size();
    repeats += items.size() - static_cast<std::size_t>(std::ranges::unique(items).begin() - items.begin());
  }
  return repeats * 1000 < events;
}

}  // namespace sotto::data
