#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/neighbour_table.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

// Chosen once, for the highest mean NDCG@10 relative to each log's best, on the validation targets of four
// public logs: windows 1, 5, 10, 20; powers 0.3 … 1; history decays 0.3 … 0.85 were tried.
constexpr std::uint32_t knn_window = 5;
constexpr double knn_window_decay = 0.8;
constexpr double knn_source_power = 0.7;
constexpr double knn_history_decay = 0.5;
constexpr std::size_t knn_max_neighbours = 200;
constexpr double knn_least_age_weight = 1e-6;  // older events are passed over
constexpr double knn_tie_scale = 1e-6;         // brings popularity below any neighbour's contribution but the oldest

// Popularity scaled to stay below 1 in total, so that it orders only what whole counts leave equal.
std::vector<double> tie_breaking_popularity(const data::Split& split) {
  const auto counts = training_counts(split);
  double total = 1;
  for (const auto count : counts) total += static_cast<double>(count);
  std::vector<double> popularity(counts.size());
  std::ranges::transform(counts, popularity.begin(), [&](auto count) { return static_cast<double>(count) / total; });
  return popularity;
}

class PopularityRanker final : public Ranker {
 public:
  explicit PopularityRanker(std::shared_ptr<const std::vector<double>> popularity)
      : popularity_(std::move(popularity)) {}

  void reset() override {}
  void observe(ItemIndex) override {}
  void scores(std::span<double> scores) override { std::ranges::copy(*popularity_, scores.begin()); }
  std::unique_ptr<Ranker> clone() const override { return std::make_unique<PopularityRanker>(popularity_); }

 private:
  std::shared_ptr<const std::vector<double>> popularity_;
};

struct MarkovKnowledge {
  NeighbourTable successors;
  std::vector<double> popularity;
};

class MarkovRanker final : public Ranker {
 public:
  explicit MarkovRanker(std::shared_ptr<const MarkovKnowledge> knowledge) : knowledge_(std::move(knowledge)) {}

  void reset() override { last_.reset(); }
  void observe(ItemIndex item) override { last_ = item; }
  void scores(std::span<double> scores) override {
    std::ranges::copy(knowledge_->popularity, scores.begin());
    if (!last_) return;
    for (const auto& [item, count] : knowledge_->successors.of(*last_)) scores[item] += static_cast<double>(count);
  }
  std::unique_ptr<Ranker> clone() const override { return std::make_unique<MarkovRanker>(knowledge_); }

 private:
  std::shared_ptr<const MarkovKnowledge> knowledge_;
  std::optional<ItemIndex> last_;
};

struct KnnKnowledge {
  NeighbourTable neighbours;
  std::vector<double> source_scale;       // of each item: count^-source_power
  std::vector<double> popularity;         // scaled below any neighbour's weight
  std::vector<double> age_weight;         // history_decay^age, down to where it no longer matters
};

class SequentialKnnRanker final : public Ranker {
 public:
  explicit SequentialKnnRanker(std::shared_ptr<const KnnKnowledge> knowledge) : knowledge_(std::move(knowledge)) {}

  void reset() override { recent_.clear(); }
  void observe(ItemIndex item) override {
    recent_.push_front(item);
    if (recent_.size() > knowledge_->age_weight.size()) recent_.pop_back();
  }
  void scores(std::span<double> scores) override {
    std::ranges::copy(knowledge_->popularity, scores.begin());
    for (std::size_t age = 0; age < recent_.size(); ++age) {
      const double scale = knowledge_->age_weight[age] * knowledge_->source_scale[recent_[age]];
      for (const auto& [item, weight] : knowledge_->neighbours.of(recent_[age])) {
        scores[item] += scale * static_cast<double>(weight);
      }
    }
  }
  std::unique_ptr<Ranker> clone() const override { return std::make_unique<SequentialKnnRanker>(knowledge_); }

 private:
  std::shared_ptr<const KnnKnowledge> knowledge_;
  std::deque<ItemIndex> recent_;  // the last one first
};

}  // namespace

std::unique_ptr<Ranker> make_popularity_ranker(const data::Split& split) {
  return std::make_unique<PopularityRanker>(
      std::make_shared<const std::vector<double>>(tie_breaking_popularity(split)));
}

std::unique_ptr<Ranker> make_markov_ranker(const data::Split& split) {
  return std::make_unique<MarkovRanker>(std::make_shared<const MarkovKnowledge>(
      MarkovKnowledge{NeighbourTable(split, NeighbourOptions{}), tie_breaking_popularity(split)}));
}

std::unique_ptr<Ranker> make_sequential_knn_ranker(const data::Split& split) {
  KnnKnowledge knowledge{
      NeighbourTable(split, {.window = knn_window, .decay = knn_window_decay, .max_neighbours = knn_max_neighbours}),
      {},
      tie_breaking_popularity(split),
      {}};
  for (double& popularity : knowledge.popularity) popularity *= knn_tie_scale;
  for (const auto count : training_counts(split)) {
    const auto occurrences = static_cast<double>(std::max<std::uint64_t>(count, 1));
    knowledge.source_scale.push_back(std::pow(occurrences, -knn_source_power));
  }
  for (double weight = 1; weight > knn_least_age_weight; weight *= knn_history_decay) {
    knowledge.age_weight.push_back(weight);
  }
  return std::make_unique<SequentialKnnRanker>(std::make_shared<const KnnKnowledge>(std::move(knowledge)));
}

}  // namespace sotto::evaluate
