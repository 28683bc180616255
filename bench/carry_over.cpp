// What is it worth to take along what was learned of a user, to a new version of the model and to the user's other
// device? NDCG@10 of each event after the switch under carry_over_state and without it; and of each event of a user
// with two devices that exchange their states by merge_state, or do not. A measurement, not a part of the library
// (docs/personal.md has the figures and what follows from them).
//
//   cmake --preset release -DSOTTO_BUILD_BENCH=ON && cmake --build --preset release --target sotto_bench_carry_over
//   build/release/bench/carry_over LOG OLD_MODEL NEW_MODEL [EVERY] [--spread]
//
// Both models are of `sotto train` on the log's past alone, such as `awk -F, 'NR == 1 || $3 < MOMENT'` leaves:
// NEW_MODEL on that before a later moment than OLD_MODEL. Their records say when that was. EVERY: only every so many
// users.
// --spread: events that the log has at one moment, such as a basket, are a second apart: does merging mind moments?
#include <sotto/base/random.hpp>
#include <sotto/data/files.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/bootstrap.hpp>
#include <sotto/evaluate/learner.hpp>
#include <sotto/evaluate/metrics.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/model/vocabulary.hpp>
#include <sotto/personal/owning_personal_session.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace sotto;
using evaluate::TimedEvent;
using Events = std::span<const TimedEvent>;  // of one user, items by the log's index, oldest first

constexpr std::uint32_t cutoff = 10;
// What is lost at a switch has to show at once, before it is learned again.
constexpr std::size_t early_events = 5;
// In seconds: a longer pause ends a visit, after which the user may come back on the other device.
constexpr std::int64_t longest_pause = 30 * 60;
// Of the devices that exchange their states now and then.
constexpr std::size_t visits_between_merges = 4;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "carry_over: %s\n", what.c_str());
  std::exit(1);
}

template <class Value>
Value got(Result<Value> result, const std::string& where) {
  if (!result) fail(where + ": " + result.error().detail);
  return std::move(result).value();
}

// Immovable, as its engine.
struct Version {
  FixedModel model;
  Engine engine;
  std::vector<ItemIndex> index_of;  // the log's item index → the model's, or unknown_item
  std::int64_t trained_until;  // the time of the last event that it has seen

  Version(FixedModel parsed, std::uint64_t fingerprint, const data::Interactions& log)
      : model(std::move(parsed)),
        engine(model, fingerprint),
        index_of(evaluate::map_items(log, model.info.catalogue)),
        trained_until(model.info.training.log.last_timestamp) {}

  [[nodiscard]] ItemIndex translate(ItemIndex log_item) const {
    return index_of.empty() ? log_item : index_of[log_item];
  }
};

std::unique_ptr<Version> open_version(const std::string& file, std::uint64_t fingerprint,
                                      const data::Interactions& log) {
  auto version =
      std::make_unique<Version>(got(parse_fixed_model(got(data::read_file(file), file)), file), fingerprint, log);
  if (!version->model.info.architecture.memory_term) fail(file + ": has no memory term");
  const auto seen = std::ranges::count_if(log.timestamp, [&](auto time) { return time <= version->trained_until; });
  if (static_cast<std::uint64_t>(seen) != version->model.info.training.log.events)
    fail(file + ": was not trained on all of this log's events before one moment");
  return version;
}

// As a page finds them: by item id.
std::vector<ItemPair> pair_items(const Version& theirs, const Version& ours) {
  const Vocabulary vocabulary(ours.model.info.catalogue);
  const auto& ids = theirs.model.info.catalogue.item_ids;
  std::vector<ItemPair> pairs;
  for (ItemIndex item = 0; item < ids.size(); ++item) {
    if (const auto found = vocabulary.find(ids[item])) pairs.push_back({item, *found});
  }
  return pairs;
}

// One user's recommender on one device.
class Device {
 public:
  explicit Device(const Version& version) : version_(&version), session_(version.engine) {}

  void reset() { session_.reset(); }
  void set_learning(bool on) { session_.set_learning(on); }

  // Events of items that the model does not have are passed over, as in a backtest.
  void recall(Events events) {
    for (const auto& [log_item, time] : events) {
      const ItemIndex item = version_->translate(log_item);
      if (item != evaluate::unknown_item) (void)session_.recall({&item, 1}, {&time, 1});
    }
  }
  void learn(Events events) {
    for (const auto& [log_item, time] : events) {
      const ItemIndex item = version_->translate(log_item);
      if (item != evaluate::unknown_item) (void)session_.observe(item, time);
    }
  }

  // What an event's item gets before the device has seen it, among all items but those of the events left out.
  double ndcg(const TimedEvent& target, Events left_out) {
    const ItemIndex item = version_->translate(target.item);
    if (item == evaluate::unknown_item) return 0;
    const auto scores = session_.scores(target.time);
    scores_.assign(scores.begin(), scores.end());
    for (const auto& [log_item, time] : left_out) {
      const ItemIndex past = version_->translate(log_item);
      if (past != evaluate::unknown_item && past != item) scores_[past] = -std::numeric_limits<double>::infinity();
    }
    return evaluate::ndcg(evaluate::pessimistic_rank(scores_, item), cutoff);
  }

  [[nodiscard]] std::vector<std::byte> state() const {
    std::vector<std::byte> bytes(session_.state_size());
    session_.export_state(bytes);
    return bytes;
  }
  void carry_over(const Device& old, std::span<const ItemPair> pairs) {
    if (auto status = session_.carry_over_state(old.state(), pairs); !status) fail(status.error().detail);
    (void)session_.relearn(history_capacity);
  }
  void merge(std::span<const std::byte> bytes) {
    if (auto status = session_.merge_state(bytes); !status) fail(status.error().detail);
  }

 private:
  const Version* version_;
  OwningPersonalSession session_;
  std::vector<double> scores_;
};

// One user's events, and how many of them each version was trained on.
struct Life {
  std::vector<TimedEvent> events = {};
  std::size_t seen_before = 0;
  std::size_t seen_after = 0;
};

std::size_t seen_by(const Version& version, std::span<const std::int64_t> times) {
  return static_cast<std::size_t>(std::ranges::upper_bound(times, version.trained_until) - times.begin());
}

// `spread`: an event is at least a second after the one before, as on a page, where a log has a whole basket at once.
Life life_of(const data::Interactions& log, std::size_t user, const Version& before, const Version& after,
             bool spread) {
  const auto items = log.items_of(user);
  const auto times = log.times_of(user);
  Life life{.seen_before = seen_by(before, times), .seen_after = seen_by(after, times)};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::int64_t time = spread && i > 0 ? std::max(times[i], life.events.back().time + 1) : times[i];
    life.events.push_back({items[i], time});
  }
  return life;
}

// The arms' NDCG of the targets, summed by user: over all targets and over the early ones.
class Tally {
 public:
  explicit Tally(std::vector<const char*> arms) : arms_(std::move(arms)) {}

  void begin_user() { sums_.resize(sums_.size() + columns()); }
  void add(std::span<const double> ndcg, bool is_early) {
    for (std::size_t slice = 0; slice < (is_early ? 2U : 1U); ++slice) {
      double* row = &sums_[sums_.size() - columns() + slice * (1 + arms_.size())];
      ++row[0];
      for (std::size_t arm = 0; arm < arms_.size(); ++arm) row[1 + arm] += ndcg[arm];
    }
  }
  // Each arm, and what it is ahead of two of them.
  void print(const char* early, std::array<std::size_t, 2> references) const {
    if (sums_.empty()) fail("no user has events before and after");
    const evaluate::Bootstrap bootstrap(sums_, columns(), {.threads = 1});
    print_slice(bootstrap, 0, "all events", references);
    print_slice(bootstrap, 1 + arms_.size(), early, references);
  }

 private:
  // Of both slices: targets, then each arm's NDCG.
  [[nodiscard]] std::size_t columns() const { return 2 * (1 + arms_.size()); }

  void print_slice(const evaluate::Bootstrap& bootstrap, std::size_t first, const char* name,
                   std::array<std::size_t, 2> references) const {
    std::printf("%s: %zu users, %.0f targets\n%-30s NDCG@10", name, sums_.size() / columns(), bootstrap.total(first),
                "");
    for (const std::size_t reference : references) {
      std::printf("  %-35s", ("ahead of '" + std::string(arms_[reference]) + "'").c_str());
    }
    std::puts("");
    for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
      const evaluate::Ratio ndcg{first + 1 + arm, first};
      std::printf("%-30s %.4f ", arms_[arm], bootstrap.mean(ndcg));
      for (const std::size_t reference : references) {
        if (arm == reference) {
          std::printf("  %-35s", "");
          continue;
        }
        const evaluate::Ratio subtracted{first + 1 + reference, first};
        const auto [low, high] = bootstrap.difference(ndcg, subtracted);
        const double ahead = bootstrap.mean(ndcg) - bootstrap.mean(subtracted);
        std::printf("  %+.4f (%+.4f … %+.4f) %+5.1f %%", ahead, low, high, 100 * ahead / bootstrap.mean(subtracted));
      }
      std::puts("");
    }
    std::puts("");
  }

  std::vector<const char*> arms_;
  std::vector<double> sums_;  // [users × columns]
};

// A user's device gets the new version of the model: what of the old one's session is taken along?
class VersionChange {
 public:
  VersionChange(const Version& before, const Version& after, bool exclude_history)
      : before_(before), after_(after), exclude_history_(exclude_history), pairs_(pair_items(before, after)) {
    for (std::size_t arm = 0; arm < arms; ++arm) devices_.emplace_back(arm == kept_old ? before : after);
  }

  void follow(const Life& life) {
    const Events events = life.events;
    const std::size_t learning_begins = life.seen_before;
    const std::size_t change = life.seen_after;
    if (change == 0 || change == events.size()) return;
    live(events.first(learning_begins), events.subspan(learning_begins, change - learning_begins));
    change_version(events.first(change));
    tally_.begin_user();
    for (std::size_t place = change; place < events.size(); ++place) {
      std::array<double, arms> ndcg{};
      for (std::size_t arm = 0; arm < arms; ++arm) {
        ndcg[arm] = devices_[arm].ndcg(events[place], exclude_history_ ? events.first(place) : Events());
        devices_[arm].learn(events.subspan(place, 1));
      }
      tally_.add(ndcg, place - change < early_events);
    }
  }

  void print() const {
    std::printf("A NEW VERSION, of %u items; the old one has %u, %zu of them are in both\n\n",
                after_.model.info.catalogue.size(), before_.model.info.catalogue.size(), pairs_.size());
    tally_.print("first 5 events after the change", {remembered, started_new});
  }

 private:
  enum Arm : std::size_t {
    carried_over,
    started_new,
    remembered,  // all that is remembered is recalled, nothing was learned
    remembered_known,  // of it what the old version could have known: carrying over cannot give more
    untaught,  // carried over from an old version that had learned nothing: its first weights, and a taste anew
    always_there,  // learned under the new version, from events that its network was trained on: no fair bound
    never_learns,  // the new version without learning
    kept_old,  // the old version goes on
    arms
  };

  // The old version, and the new one as if it had been there. As in a backtest, nothing is learned from events that the
  // old network was trained on.
  void live(Events past, Events between) {
    for (Device& device : devices_) device.reset();
    for (const Arm arm : {kept_old, always_there}) {
      devices_[arm].recall(past);
      devices_[arm].learn(between);
    }
  }

  void change_version(Events past) {
    devices_[carried_over].carry_over(devices_[kept_old], pairs_);
    Device old(before_);
    old.recall(past);
    devices_[untaught].carry_over(old, pairs_);
    const auto known = known_before(past);
    devices_[remembered].recall(latest(past));
    devices_[remembered_known].recall(latest(known));
    devices_[never_learns].recall(past);
    devices_[never_learns].set_learning(false);
  }

  // What a state holds.
  static Events latest(Events events) { return events.last(std::min<std::size_t>(events.size(), history_capacity)); }
  [[nodiscard]] std::vector<TimedEvent> known_before(Events events) const {
    std::vector<TimedEvent> known;
    std::ranges::copy_if(events, std::back_inserter(known), [&](const TimedEvent& event) {
      return before_.translate(event.item) != evaluate::unknown_item;
    });
    return known;
  }

  const Version& before_;
  const Version& after_;
  bool exclude_history_;
  std::vector<ItemPair> pairs_;
  std::deque<Device> devices_;  // that do not move
  Tally tally_{{"carried over", "started new", "remembered", "remembered of known items",
                "carried over, nothing learned", "as if it had always been there", "without learning",
                "the old version goes on"}};
};

// Of the user's events, by their places; on one of two devices.
struct Visit {
  std::size_t begin;
  std::size_t end;
  std::size_t device;
};

// A visit ends at `cut`, too.
std::vector<Visit> draw_visits(Events events, std::size_t cut, Random& random) {
  std::vector<Visit> visits;
  for (std::size_t place = 0; place < events.size(); ++place) {
    if (place == 0 || place == cut || events[place].time - events[place - 1].time > longest_pause)
      visits.push_back({place, place, random.below(2)});
    visits.back().end = place + 1;
  }
  return visits;
}

// What both devices know at first of what their user did.
enum class Past { shared, divided };

// A user who is now on one, now on the other of two devices, at random.
class TwoDevices {
 public:
  // The old version, since it leaves more events to learn from and to predict.
  TwoDevices(const Version& old, Past past, bool exclude_history) : past_(past), exclude_history_(exclude_history) {
    for (std::size_t i = 0; i < 2 * arms; ++i) devices_.emplace_back(old);
  }

  void follow(const Life& life) {
    const Events events = life.events;
    const std::size_t begin = life.seen_before;
    if (begin == 0 || begin == events.size()) return;
    const auto visits = draw_visits(events, begin, random_);
    const auto first = std::ranges::find(visits, begin, &Visit::begin);
    live(events, {visits.begin(), first});
    tally_.begin_user();
    for (auto visit = first; visit != visits.end(); ++visit) {
      replay(events, *visit, visit->device != (visit - 1)->device);
      exchange(events.subspan(visit->begin, visit->end - visit->begin), *visit,
               static_cast<std::size_t>(visit - first) % visits_between_merges == visits_between_merges - 1);
    }
    visits_ += static_cast<std::size_t>(visits.end() - first);
  }

  void print() const {
    std::printf(
        "TWO DEVICES, %s; %zu visits\n\n",
        past_ == Past::shared ? "both of which know the past" : "each of which knows its own visits of the past",
        visits_);
    tally_.print("first 5 events of each visit on the other device than before", {apart, told});
  }

 private:
  enum Arm : std::size_t {
    one,  // sees everything
    one_merged,  // with itself, after each visit: what merging does beside joining
    apart,
    merged,  // after each visit
    merged_seldom,  // after every visits_between_merges of them
    told,  // each recalls what was done on the other, but did not learn from it
    arms
  };
  [[nodiscard]] Device& device(std::size_t arm, std::size_t which) { return devices_[2 * arm + which]; }
  [[nodiscard]] static bool is_one(std::size_t arm) { return arm == one || arm == one_merged; }

  // Before the targets, of which the network was trained on everything: nothing is learned.
  void live(Events events, std::span<const Visit> visits) {
    for (Device& device : devices_) device.reset();
    for (const Visit& visit : visits) {
      const Events of_visit = events.subspan(visit.begin, visit.end - visit.begin);
      for (std::size_t arm = 0; arm < arms; ++arm) {
        const bool both_know = past_ == Past::shared || arm == told;
        if (both_know || is_one(arm) || visit.device == 0) device(arm, 0).recall(of_visit);
        if (both_know || visit.device == 1) device(arm, 1).recall(of_visit);
      }
    }
    if (past_ == Past::divided) merge(true);
  }

  void replay(Events events, const Visit& visit, bool on_other_device) {
    for (std::size_t place = visit.begin; place < visit.end; ++place) {
      std::array<double, arms> ndcg{};
      for (std::size_t arm = 0; arm < arms; ++arm) {
        Device& used = device(arm, is_one(arm) ? 0 : visit.device);
        ndcg[arm] = used.ndcg(events[place], exclude_history_ ? events.first(place) : Events());
        used.learn(events.subspan(place, 1));
      }
      tally_.add(ndcg, on_other_device && place - visit.begin < early_events);
    }
  }

  void exchange(Events of_visit, const Visit& visit, bool seldom_too) {
    device(told, 1 - visit.device).recall(of_visit);
    merge(seldom_too);
  }

  void merge(bool seldom_too) {
    device(one_merged, 0).merge(device(one_merged, 0).state());
    merge_both(merged);
    if (seldom_too) merge_both(merged_seldom);
  }

  void merge_both(Arm arm) {
    const auto first = device(arm, 0).state();
    device(arm, 0).merge(device(arm, 1).state());
    device(arm, 1).merge(first);
  }

  Past past_;
  bool exclude_history_;
  Random random_{1};
  std::size_t visits_ = 0;
  std::deque<Device> devices_;  // [arms × 2], that do not move
  Tally tally_{{"one device", "one device, merged with itself", "apart", "merged after each visit",
                "merged after every 4th visit", "told of events"}};
};

}  // namespace

int main(int argc, char** argv) {
  const bool spread = argc > 1 && std::string_view(argv[argc - 1]) == "--spread";
  if (spread) --argc;
  if (argc != 4 && argc != 5) fail("usage: carry_over LOG OLD_MODEL NEW_MODEL [EVERY] [--spread]");
  const std::size_t every = argc == 5 ? std::strtoul(argv[4], nullptr, 10) : 1;
  if (every == 0) fail("EVERY is a number from 1 on");
  data::ReadReport report;
  const auto log = got(data::read_interactions({argv[1]}, {}, report), argv[1]);
  const auto before = open_version(argv[2], 1, log);
  const auto after = open_version(argv[3], 2, log);
  if (before->trained_until >= after->trained_until) fail("the old version has seen all that the new one has");
  // In all arms, also of a device that does not know the history, so that all of them rank the same items.
  const bool exclude_history = data::history_never_repeats(data::Split(log, data::SplitKind::temporal));

  VersionChange change(*before, *after, exclude_history);
  TwoDevices knowing(*before, Past::shared, exclude_history);
  TwoDevices dividing(*before, Past::divided, exclude_history);
  for (std::size_t user = 0; user < log.users(); user += every) {
    const Life life = life_of(log, user, *before, *after, spread);
    change.follow(life);
    knowing.follow(life);
    dividing.follow(life);
  }
  change.print();
  knowing.print();
  dividing.print();
}
