#include <sotto/data/quality.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;

std::int64_t day_of(std::int64_t second) noexcept {
  return second >= 0 ? second / seconds_per_day : -((seconds_per_day - 1 - second) / seconds_per_day);
}

double events_per_active_day(std::span<const std::int64_t> times) noexcept {
  std::size_t days = 1;
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (day_of(times[i]) != day_of(times[i - 1])) ++days;
  }
  return static_cast<double>(times.size()) / static_cast<double>(days);
}

// Both figures are compared as logarithms, because they differ by orders of magnitude among normal users, too.
void find_outliers(const Interactions& log, const std::vector<double>& lengths, UserFigures& figures) {
  std::vector<double> log_lengths(lengths.size());
  std::vector<double> log_rates(lengths.size());
  for (std::size_t user = 0; user < log.users(); ++user) {
    log_lengths[user] = std::log(lengths[user]);
    log_rates[user] = std::log(events_per_active_day(log.times_of(user)));
  }
  std::vector<double> score = robust_z_scores(log_lengths);
  const std::vector<double> rate_score = robust_z_scores(log_rates);
  std::vector<std::size_t> outliers;
  for (std::size_t user = 0; user < log.users(); ++user) {
    score[user] = std::max(score[user], rate_score[user]);
    const std::size_t events = log.items_of(user).size();
    if (score[user] < outlier_score || events < outlier_min_events) continue;
    outliers.push_back(user);
    figures.events_of_outlying_users += events;
  }
  figures.outlying_users = outliers.size();
  const auto listed = static_cast<std::ptrdiff_t>(std::min(outliers.size(), outliers_listed));
  std::ranges::partial_sort(outliers, outliers.begin() + listed, [&](std::size_t a, std::size_t b) {
    return std::pair(-score[a], a) < std::pair(-score[b], b);
  });
  outliers.resize(static_cast<std::size_t>(listed));
  for (const std::size_t user : outliers) {
    figures.outliers.push_back({.id = std::string(log.user_ids[user]),
                                .events = log.items_of(user).size(),
                                .events_per_day = std::exp(log_rates[user]),
                                .score = score[user]});
  }
}

}  // namespace

UserFigures examine_users(const Interactions& log) {
  UserFigures figures;
  constexpr auto nobody = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> last_user_of(log.item_ids.size(), nobody);
  std::vector<double> lengths(log.users());
  std::size_t repeats = 0;
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t events = log.items_of(user).size();
    lengths[user] = static_cast<double>(events);
    if (events < cold_user_events) ++figures.cold_users;
    const auto bucket = static_cast<std::size_t>(std::bit_width(events)) - 1;
    if (figures.length_histogram.size() <= bucket) figures.length_histogram.resize(bucket + 1);
    ++figures.length_histogram[bucket];
    for (const ItemIndex item : log.items_of(user)) {
      if (std::exchange(last_user_of[item], user) == user) ++repeats;
    }
  }
  figures.repeat_rate = static_cast<double>(repeats) / static_cast<double>(log.events());
  figures.tie_share = log.finer_than_seconds ? log.fine_tie_share : tie_share(log);
  find_outliers(log, lengths, figures);
  figures.history_length = quantiles(std::move(lengths));
  return figures;
}

}  // namespace sotto::data
