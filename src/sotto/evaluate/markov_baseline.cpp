#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/followers.hpp>
#include <sotto/evaluate/popularity.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

struct MarkovKnowledge {
  NeighborTable successors;
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

}  // namespace

std::unique_ptr<Ranker> make_markov_ranker(const data::Split& split) {
  return std::make_unique<MarkovRanker>(std::make_shared<const MarkovKnowledge>(
      MarkovKnowledge{count_followers(split, FollowerOptions{}), tie_breaking_popularity(split)}));
}

}  // namespace sotto::evaluate
