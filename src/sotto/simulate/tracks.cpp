#include <sotto/simulate/tracks.hpp>

#include <algorithm>

namespace sotto::simulate {
namespace {

// The plan of one length of the rounds.
class RoundsPlan {
 public:
  RoundsPlan(const SimulationOptions& options, std::size_t rounds, std::vector<LineSource>& lines,
             std::vector<Track>& tracks)
      : options_(options), rounds_(rounds), lines_(lines), tracks_(tracks) {}

  void add_all() {
    if (asks("trend")) add_trend("trend", {.reports = options_.reports_in_batch});
    if (asks(noisy_arm(weak_noise)) && options_.noise != weak_noise) add_noisy(weak_noise, options_.reports_in_batch);
    if (asks(noisy_arm(options_.noise))) {
      add_noisy(options_.noise, options_.reports_in_batch);
      for (const std::uint64_t reports : options_.batches) {
        if (reports != options_.reports_in_batch) add_noisy(options_.noise, reports);
      }
    }
    if (asks("adapter")) add_adapters();
    if (asks("federated_head")) add({TrackKind::federated_head, "federated_head", rounds_});
    if (asks("central")) add({TrackKind::central, "central", rounds_});
    if (asks("counts")) add_trend("counts", {.all_choices = true});
  }

 private:
  [[nodiscard]] bool asks(const std::string& arm) const { return options_.asks_for(arm); }
  void add(Track track) { tracks_.push_back(std::move(track)); }

  [[nodiscard]] std::size_t line(const LineSource& source) {
    const auto found = std::ranges::find(lines_, source);
    if (found != lines_.end()) return static_cast<std::size_t>(found - lines_.begin());
    lines_.push_back(source);
    return lines_.size() - 1;
  }
  void add_trend(const std::string& arm, const LineSource& source) {
    add({TrackKind::trend, arm, rounds_, line(source), source.reports});
  }
  void add_noisy(double noise, std::uint64_t reports) {
    for (std::uint64_t seed = 1; seed <= options_.noise_seeds; ++seed) {
      add_trend(noisy_arm(noise), {.noise = noise, .reports = reports, .seed = seed});
    }
  }
  void add_adapters() {
    for (std::uint64_t seed = 1; seed <= options_.noise_seeds; ++seed) {
      const LineSource source{.noise = options_.noise, .reports = options_.reports_in_batch, .seed = seed};
      add({TrackKind::adapter, "adapter", rounds_, line(source), source.reports});
    }
  }

  const SimulationOptions& options_;
  std::size_t rounds_;
  std::vector<LineSource>& lines_;
  std::vector<Track>& tracks_;
};

}  // namespace

Plan make_plan(const SimulationOptions& options) {
  Plan plan;
  plan.tracks.push_back({TrackKind::base, "base"});
  plan.tracks.push_back({TrackKind::personal, "personal"});
  plan.lines.resize(options.round_days.size());
  for (std::size_t rounds = 0; rounds < options.round_days.size(); ++rounds) {
    RoundsPlan(options, rounds, plan.lines[rounds], plan.tracks).add_all();
  }
  return plan;
}

}  // namespace sotto::simulate
