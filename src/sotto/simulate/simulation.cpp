#include <sotto/evaluate/bootstrap.hpp>
#include <sotto/simulate/simulation.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace sotto::simulate {
namespace {

using evaluate::Bootstrap;
using evaluate::Estimate;
using evaluate::Ratio;

// An arm's tracks: one for each seed of the noise.
struct ArmTracks {
  std::string name;
  std::vector<std::size_t> tracks;
};

std::vector<std::size_t> tracks_of(const Plan& plan, const std::string& arm, std::size_t rounds,
                                   std::optional<std::uint64_t> reports) {
  std::vector<std::size_t> tracks;
  for (std::size_t track = 0; track < plan.tracks.size(); ++track) {
    const Track& of = plan.tracks[track];
    if (of.arm != arm || (track > personal_track && of.rounds != rounds)) continue;
    if (reports && of.reports != *reports) continue;
    tracks.push_back(track);
  }
  return tracks;
}

double mean_of(std::span<const double> sums, std::span<const std::size_t> tracks,
               std::size_t (*column)(std::size_t) noexcept) {
  double sum = 0;
  for (const std::size_t track : tracks) sum += sums[column(track)];
  return sum / static_cast<double>(tracks.size());
}

// The rows of all users, with the means over all bases. The targets are those of the log, the same in all replays.
std::vector<double> mean_over_bases(std::span<const Replay> replays) {
  std::vector<double> sums = replays[0].sums;
  for (const Replay& other : replays.subspan(1)) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
  }
  for (double& sum : sums) sum /= static_cast<double>(replays.size());
  return sums;
}

class Summary {
 public:
  Summary(std::span<const Replay> replays, const SimulationOptions& options)
      : replays_(replays),
        options_(options),
        plan_(replays[0].plan),
        columns_(TrackColumns::count(plan_.tracks.size())),
        sums_(mean_over_bases(replays)) {}

  [[nodiscard]] Simulation all() {
    Simulation result;
    result.noisy_arm = noisy_arm(options_.noise);
    result.bases = replays_.size();
    result.users = replays_[0].users.size();
    result.devices = replays_[0].devices;
    result.events = replays_[0].events;
    result.unknown_events = replays_[0].unknown_events;
    result.items = replays_[0].items;
    result.new_items = replays_[0].new_items;
    result.slots = replays_[0].slots;
    for (std::size_t user = 0; user < result.users; ++user) {
      result.targets += static_cast<std::uint64_t>(sums_[user * columns_ + TrackColumns::targets]);
      result.new_targets += static_cast<std::uint64_t>(sums_[user * columns_ + TrackColumns::new_targets]);
    }
    for (std::size_t rounds = 0; rounds < options_.round_days.size(); ++rounds) {
      result.by_rounds.push_back(of_rounds(rounds));
    }
    result.worth = find_worth(result);
    return result;
  }

 private:
  [[nodiscard]] static std::optional<Simulation::Worth> find_worth(const Simulation& result) {
    std::optional<Simulation::Worth> worth;
    for (std::size_t rounds = 0; rounds < result.by_rounds.size(); ++rounds) {
      for (const BatchResult& batch : result.by_rounds[rounds].batches) {
        if (batch.worth_it() && (!worth || batch.reports < worth->reports)) worth = {batch.reports, rounds};
      }
    }
    return worth;
  }

  [[nodiscard]] RoundsResult of_rounds(std::size_t rounds) {
    RoundsResult result;
    result.name = rounds_name(options_.round_days[rounds]);
    result.days = options_.round_days[rounds];
    std::vector<ArmTracks> arms;
    for (const std::string& name : arm_names(options_.noise)) {
      const bool has_batches = name == noisy_arm(options_.noise);
      auto tracks =
          tracks_of(plan_, name, rounds, has_batches ? std::optional(options_.reports_in_batch) : std::nullopt);
      if (!tracks.empty()) arms.push_back({name, std::move(tracks)});
    }
    result.arms = estimate(arms);
    add_batches(rounds, result);
    add_rounds(rounds, arms, result);
    return result;
  }

  // Resamples the users for some arms at once, so that their differences are paired.
  [[nodiscard]] std::vector<ArmResult> estimate(const std::vector<ArmTracks>& arms) const {
    const ArmTracks personal{"personal", {personal_track}};
    const std::size_t width = 2 + 2 * (arms.size() + 1);
    std::vector<double> rows;
    const std::size_t users = sums_.size() / columns_;
    for (std::size_t user = 0; user < users; ++user) {
      const auto sums = std::span(sums_).subspan(user * columns_, columns_);
      rows.push_back(sums[TrackColumns::targets]);
      rows.push_back(sums[TrackColumns::new_targets]);
      const auto add = [&](const ArmTracks& arm) {
        rows.push_back(mean_of(sums, arm.tracks, TrackColumns::ndcg));
        rows.push_back(mean_of(sums, arm.tracks, TrackColumns::new_ndcg));
      };
      add(personal);
      for (const ArmTracks& arm : arms) add(arm);
    }
    const Bootstrap bootstrap(rows, width, {.seed = options_.bootstrap_seed, .threads = options_.threads});
    const Ratio of_personal{2, 0};
    const double to_percent = 100 / bootstrap.mean(of_personal);
    std::vector<ArmResult> results;
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
      const Ratio ndcg{4 + 2 * arm, 0};
      const Ratio of_new{5 + 2 * arm, 1};
      const evaluate::Interval difference = bootstrap.difference(ndcg, of_personal);
      results.push_back({.name = arms[arm].name,
                         .ndcg = {bootstrap.mean(ndcg), bootstrap.interval(ndcg)},
                         .new_ndcg = {bootstrap.mean(of_new), bootstrap.interval(of_new)},
                         .ahead = {to_percent * (bootstrap.mean(ndcg) - bootstrap.mean(of_personal)),
                                   {to_percent * difference.low, to_percent * difference.high}},
                         .ahead_by_seed = by_seed(arms[arm])});
    }
    return results;
  }

  [[nodiscard]] std::vector<double> by_seed(const ArmTracks& arm) const {
    std::vector<double> ahead;
    for (const Replay& replay : replays_) {
      const auto total = [&](std::size_t track) {
        double sum = 0;
        for (std::size_t row = TrackColumns::ndcg(track); row < replay.sums.size(); row += columns_) {
          sum += replay.sums[row];
        }
        return sum;
      };
      for (const std::size_t track : arm.tracks) ahead.push_back(100 * (total(track) / total(personal_track) - 1));
    }
    return ahead;
  }

  void add_batches(std::size_t rounds, RoundsResult& result) const {
    const std::string arm = noisy_arm(options_.noise);
    std::set<std::uint64_t> numbers(options_.batches.begin(), options_.batches.end());
    if (options_.reports_in_batch > 0) numbers.insert(options_.reports_in_batch);
    std::vector<ArmTracks> arms;
    for (const std::uint64_t reports : numbers) {
      auto tracks = tracks_of(plan_, arm, rounds, reports);
      if (tracks.empty()) return;
      arms.push_back({arm, std::move(tracks)});
      result.batches.push_back({.reports = reports, .arm = {}});
    }
    auto results = estimate(arms);
    for (std::size_t i = 0; i < results.size(); ++i) result.batches[i].arm = std::move(results[i]);
  }

  void add_rounds(std::size_t rounds, const std::vector<ArmTracks>& arms, RoundsResult& result) const {
    const auto tracks = tracks_of(plan_, noisy_arm(options_.noise), rounds, options_.reports_in_batch);
    const std::size_t number = replays_[0].rounds[rounds].size();
    std::vector<std::uint64_t> devices;
    for (std::size_t place = 0; place < number; ++place) {
      const Round& first = replays_[0].rounds[rounds][place];
      RoundResult of{.begins = first.begins,
                     .warm_up = first.warm_up,
                     .devices = first.devices,
                     .targets = static_cast<std::uint64_t>(first.sums[TrackColumns::targets]),
                     .new_targets = static_cast<std::uint64_t>(first.sums[TrackColumns::new_targets]),
                     .ndcg = {},
                     .new_ndcg = {}};
      devices.push_back(first.devices);
      for (const ArmTracks& arm : arms) {
        double ndcg = 0;
        double new_ndcg = 0;
        for (const Replay& replay : replays_) {
          const auto& sums = replay.rounds[rounds][place].sums;
          ndcg += mean_of(sums, arm.tracks, TrackColumns::ndcg) / sums[TrackColumns::targets];
          new_ndcg += mean_of(sums, arm.tracks, TrackColumns::new_ndcg) / sums[TrackColumns::new_targets];
        }
        of.ndcg.push_back(ndcg / static_cast<double>(replays_.size()));
        of.new_ndcg.push_back(new_ndcg / static_cast<double>(replays_.size()));
      }
      for (const Replay& replay : replays_) {
        for (const std::size_t track : tracks) {
          const LineFigures& line = replay.rounds[rounds][place].lines[*plan_.tracks[track].line];
          const double lines = static_cast<double>(replays_.size() * tracks.size());
          of.prior += static_cast<double>(line.prior) / lines;
          of.gain += line.gain / lines;
        }
      }
      result.rounds.push_back(std::move(of));
    }
    if (devices.empty()) return;
    const auto middle = devices.begin() + static_cast<std::ptrdiff_t>(devices.size() / 2);
    std::ranges::nth_element(devices, middle);
    result.median_devices = *middle;
  }

  std::span<const Replay> replays_;
  const SimulationOptions& options_;
  const Plan& plan_;
  std::size_t columns_;
  std::vector<double> sums_;  // [users × columns]
};

}  // namespace

Simulation summarize(std::span<const Replay> replays, const SimulationOptions& options) {
  return Summary(replays, options).all();
}

}  // namespace sotto::simulate
