#include <sotto/simulate/device_replay.hpp>
#include <sotto/simulate/expected_shares.hpp>
#include <sotto/simulate/replay.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace sotto::simulate {
namespace {

bool needs_base_head(const Plan& plan) {
  return std::ranges::any_of(plan.tracks, [](const Track& track) {
    return track.kind == TrackKind::adapter || track.kind == TrackKind::central;
  });
}

class Replayer {
 public:
  Replayer(const LiveLog& live, const PersonalModel& model, const SimulationOptions& options, Plan plan,
           train::ThreadPool& pool, std::vector<double> expected,
           const std::function<void(std::size_t, std::size_t)>& on_progress)
      : live_(live),
        options_(options),
        plan_(std::move(plan)),
        pool_(pool),
        on_progress_(on_progress),
        expected_(std::move(expected)),
        limited_slots_(live.training_counts(), options.max_slots),
        all_slots_(live.training_counts(), live.training_counts().size() + 1),
        base_head_(needs_base_head(plan_) ? std::optional(base_head(model)) : std::nullopt),
        setting_{model, limited_slots_, all_slots_, expected_, base_head_ ? &*base_head_ : nullptr},
        columns_(TrackColumns::count(plan_.tracks.size())),
        user_sums_(live.users().size() * columns_),
        devices_(live.users().size()),
        choices_(model.engine().architecture().hidden_dim),
        latest_(live.training_counts().size()) {
    for (std::size_t rounds = 0; rounds < options.round_days.size(); ++rounds) {
      series_.emplace_back(setting_, options, plan_, rounds, live.first_time());
    }
    for (std::size_t part = 0; part < number_of_parts; ++part) {
      parts_.push_back(std::make_unique<DeviceReplay>(live, model, plan_, series_, setting_.base_head,
                                                      options.exclude_history, part));
    }
  }

  Status run() {
    while (events_done_ < live_.events()) {
      std::int64_t until = std::numeric_limits<std::int64_t>::max();
      for (const RoundSeries& series : series_) until = std::min(until, series.ends());
      advance_all(until);
      if (stopped()) return Error{ErrorCode::interrupted, "the simulation was interrupted"};
      for (std::size_t rounds = 0; rounds < series_.size(); ++rounds) {
        // The last rounds end with the log.
        if (series_[rounds].ends() > until && events_done_ < live_.events()) continue;
        if (auto status = finish_round(rounds); !status) return status;
      }
    }
    return Ok{};
  }

  [[nodiscard]] Replay result() && {
    Replay replay;
    replay.plan = std::move(plan_);
    replay.devices = live_.users().size();
    replay.events = live_.events();
    replay.unknown_events = live_.unknown_events();
    replay.items = live_.training_counts().size();
    replay.new_items = static_cast<std::size_t>(std::ranges::count(live_.training_counts(), 0U));
    replay.slots = limited_slots_.size();
    for (const RoundSeries& series : series_) replay.rounds.push_back(series.rounds());
    for (std::size_t place = 0; place < live_.users().size(); ++place) {
      const auto sums = std::span(user_sums_).subspan(place * columns_, columns_);
      if (sums[TrackColumns::targets] == 0) continue;
      replay.users.push_back(live_.users()[place].user);
      replay.sums.insert(replay.sums.end(), sums.begin(), sums.end());
    }
    return replay;
  }

 private:
  [[nodiscard]] bool stopped() const {
    return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
  }

  void advance_all(std::int64_t until) {
    pool_.run(number_of_parts, [&](std::size_t number) {
      DeviceReplay& part = *parts_[number];
      const Part range = part_of(live_.users().size(), number);
      std::size_t reported = 0;
      for (std::size_t place = range.begin; place < range.end && !stopped(); ++place) {
        part.advance(live_.users()[place], devices_[place], until,
                     std::span(user_sums_).subspan(place * columns_, columns_));
        constexpr std::size_t events_between_reports = 64;
        if (part.events() - reported < events_between_reports && place + 1 < range.end) continue;
        const std::scoped_lock lock(mutex_);
        events_done_ += part.events() - reported;
        reported = part.events();
        if (on_progress_) on_progress_(events_done_, live_.events());
      }
    });
    for (const auto& part : parts_) {
      for (RoundSeries& series : series_) series.add_sums(part->sums());
      choices_.add(part->choices());
      part->clear();
    }
  }

  Status finish_round(std::size_t rounds) {
    std::ranges::fill(latest_, 0U);
    for (Device& device : devices_) {
      if (device.rounds.empty()) continue;
      ItemIndex& latest = device.rounds[rounds].latest;
      if (latest != evaluate::unknown_item) ++latest_[latest];
      latest = evaluate::unknown_item;
    }
    return series_[rounds].finish_round(latest_, choices_, live_.counting_begins(), pool_);
  }

  const LiveLog& live_;
  const SimulationOptions& options_;
  Plan plan_;
  train::ThreadPool& pool_;
  const std::function<void(std::size_t, std::size_t)>& on_progress_;
  std::vector<double> expected_;
  Slots limited_slots_;
  Slots all_slots_;
  std::optional<HeadRows> base_head_;
  Setting setting_;
  std::size_t columns_;
  std::vector<double> user_sums_;  // [live users × columns]
  std::vector<Device> devices_;  // [live users]
  Choices choices_;
  std::vector<std::uint32_t> latest_;  // [items]: devices by their latest choice in a round
  std::vector<RoundSeries> series_;
  std::vector<std::unique_ptr<DeviceReplay>> parts_;
  std::mutex mutex_;  // guards the progress
  std::size_t events_done_ = 0;
};

}  // namespace

Result<Replay> replay(const data::Split& split, const Engine& engine, const Catalogue& catalogue,
                      const SimulationOptions& options,
                      const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const LiveLog live(split, catalogue, options.every_nth_user);
  if (std::ranges::all_of(live.users(), [](const LiveUser& user) { return user.counted.empty(); })) {
    return Error{ErrorCode::invalid_argument, "nothing to simulate: the split holds no event out"};
  }
  const PersonalModel model(engine);
  train::ThreadPool pool(options.threads);
  auto expected = expected_shares(live, model, pool, options.stop);
  if (!expected) return std::move(expected).error();
  Replayer replayer(live, model, options, make_plan(options), pool, *std::move(expected), on_progress);
  if (auto status = replayer.run(); !status) return std::move(status).error();
  return std::move(replayer).result();
}

}  // namespace sotto::simulate
