#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/followers.hpp>
#include <sotto/evaluate/popularity.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

// These values were chosen once, for the highest mean NDCG@10 relative to each log's best, on the validation targets of
// four public logs. The candidates were windows 1, 5, 10, 20; powers 0.3 … 1; history decays 0.3 … 0.85.
constexpr std::uint32_t window = 5;
constexpr double window_decay = 0.8;
constexpr double source_power = 0.7;
constexpr double history_decay = 0.5;
constexpr std::size_t max_sequential_knn_neighbors = 200;
constexpr double min_age_weight = 1e-6;  // events with a smaller weight are skipped
constexpr double sequential_knn_tie_scale = 1e-6;  // keeps popularity below all but the oldest neighbor's contribution

struct SequentialKnnKnowledge {
  NeighborTable neighbors;
  std::vector<double> source_scale;  // of each item: count^-source_power
  std::vector<double> popularity;  // scaled below any neighbor's weight
  std::vector<double> age_weight;  // history_decay^age, down to min_age_weight
};

class SequentialKnnRanker final : public Ranker {
 public:
  explicit SequentialKnnRanker(std::shared_ptr<const SequentialKnnKnowledge> knowledge)
      : knowledge_(std::move(knowledge)) {}

  void reset() override { recent_.clear(); }
  void observe(ItemIndex item) override {
    recent_.push_front(item);
    if (recent_.size() > knowledge_->age_weight.size()) recent_.pop_back();
  }
  void scores(std::span<double> scores) override {
    std::ranges::copy(knowledge_->popularity, scores.begin());
    for (std::size_t age = 0; age < recent_.size(); ++age) {
      const double scale = knowledge_->age_weight[age] * knowledge_->source_scale[recent_[age]];
      for (const auto& [item, weight] : knowledge_->neighbors.of(recent_[age])) {
        scores[item] += scale * static_cast<double>(weight);
      }
    }
  }
  std::unique_ptr<Ranker> clone() const override { return std::make_unique<SequentialKnnRanker>(knowledge_); }

 private:
  std::shared_ptr<const SequentialKnnKnowledge> knowledge_;
  std::deque<ItemIndex> recent_;  // the last one first
};

}  // namespace

std::unique_ptr<Ranker> make_sequential_knn_ranker(const data::Split& split) {
  SequentialKnnKnowledge knowledge{
      count_followers(split, {.window = window, .decay = window_decay, .max_neighbors = max_sequential_knn_neighbors}),
      {},
      tie_breaking_popularity(split),
      {}};
  for (double& popularity : knowledge.popularity) popularity *= sequential_knn_tie_scale;
  for (const auto count : data::training_counts(split)) {
    const auto occurrences = static_cast<double>(std::max<std::uint64_t>(count, 1));
    knowledge.source_scale.push_back(std::pow(occurrences, -source_power));
  }
  for (double weight = 1; weight > min_age_weight; weight *= history_decay) {
    knowledge.age_weight.push_back(weight);
  }
  return std::make_unique<SequentialKnnRanker>(std::make_shared<const SequentialKnnKnowledge>(std::move(knowledge)));
}

}  // namespace sotto::evaluate
