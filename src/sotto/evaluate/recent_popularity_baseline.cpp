#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/fixed_scores.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sotto::evaluate {
namespace {

constexpr double half_life_seconds = recent_popularity_half_life_days * 24 * 60 * 60;

std::int64_t last_training_time(const data::Split& split) {
  const data::Interactions& log = split.log();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t events = split.training_items(user).size();
    if (events > 0) last = std::max(last, log.timestamp[log.user_begin[user] + events - 1]);
  }
  return last;
}

}  // namespace

std::unique_ptr<Ranker> make_recent_popularity_ranker(const data::Split& split) {
  const data::Interactions& log = split.log();
  const std::int64_t now = last_training_time(split);
  std::vector<double> scores(log.item_ids.size(), 0);
  for (std::size_t user = 0; user < log.users(); ++user) {
    const auto items = split.training_items(user);
    for (std::size_t event = 0; event < items.size(); ++event) {
      const auto age = static_cast<double>(now - log.timestamp[log.user_begin[user] + event]);
      scores[items[event]] += std::exp2(-age / half_life_seconds);
    }
  }
  return std::make_unique<FixedScoresRanker>(std::make_shared<const std::vector<double>>(std::move(scores)));
}

}  // namespace sotto::evaluate
