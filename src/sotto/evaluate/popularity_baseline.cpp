#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/fixed_scores.hpp>
#include <sotto/evaluate/popularity.hpp>

namespace sotto::evaluate {

std::unique_ptr<Ranker> make_popularity_ranker(const data::Split& split) {
  return std::make_unique<FixedScoresRanker>(
      std::make_shared<const std::vector<double>>(tie_breaking_popularity(split)));
}

}  // namespace sotto::evaluate
