#include <sotto/fit/item_popularity.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace sotto::fit {
namespace {

constexpr double half_life_seconds = popularity_half_life_days * 86'400;
constexpr double floor_of_lately = 0.1;  // events

// Returns Σ 0.5^(age / half-life) over each item's training events.
std::vector<double> decayed_counts(const data::Split& split) {
  const data::Interactions& log = split.log();
  std::int64_t now = std::numeric_limits<std::int64_t>::min();
  for (std::size_t user = 0; user < log.users(); ++user) {
    const auto times = log.times_of(user).first(split.training_items(user).size());
    // Sessions may overlap in time, so that the last event may not be the latest.
    if (!times.empty()) now = std::max(now, std::ranges::max(times));
  }
  std::vector<double> counts(log.item_ids.size());
  for (std::size_t user = 0; user < log.users(); ++user) {
    const auto items = split.training_items(user);
    const auto times = log.times_of(user);
    for (std::size_t event = 0; event < items.size(); ++event) {
      const double age = static_cast<double>(now) - static_cast<double>(times[event]);
      counts[items[event]] += std::exp2(-age / half_life_seconds);
    }
  }
  return counts;
}

template <class Counts>
AlignedBuffer<float> centered_logs(const Counts& counts, double added) {
  std::vector<double> logs;
  double mean = 0;
  for (const auto count : counts) {
    logs.push_back(std::log(static_cast<double>(count) + added));
    mean += logs.back() / static_cast<double>(counts.size());
  }
  AlignedBuffer<float> result(logs.size());
  for (std::size_t i = 0; i < logs.size(); ++i) result[i] = static_cast<float>(logs[i] - mean);
  return result;
}

}  // namespace

ItemPopularity item_popularity(const data::Split& split) {
  return {centered_logs(data::training_counts(split), 1), centered_logs(decayed_counts(split), floor_of_lately)};
}

}  // namespace sotto::fit
