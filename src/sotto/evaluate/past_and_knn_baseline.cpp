#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/metrics.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

void make_chances(std::span<double> scores) {
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  if (sum <= 0) return;
  for (double& score : scores) score /= sum;
}

void mix(std::span<const double> own, std::span<const double> knn, double own_weight, std::span<double> scores) {
  std::ranges::transform(own, knn, scores.begin(),
                         [&](double past, double near) { return own_weight * past + (1 - own_weight) * near; });
}

class PastAndKnnRanker final : public Ranker {
 public:
  PastAndKnnRanker(std::unique_ptr<Ranker> own, std::unique_ptr<Ranker> knn, double own_weight)
      : own_(std::move(own)), knn_(std::move(knn)), own_weight_(own_weight) {}

  void reset() override {
    own_->reset();
    knn_->reset();
  }
  void observe(ItemIndex item) override {
    own_->observe(item);
    knn_->observe(item);
  }
  void scores(std::span<double> scores) override {
    own_chances_.resize(scores.size());
    own_->scores(own_chances_);
    make_chances(own_chances_);
    knn_->scores(scores);
    make_chances(scores);
    mix(own_chances_, scores, own_weight_, scores);
  }
  std::unique_ptr<Ranker> clone() const override {
    return std::make_unique<PastAndKnnRanker>(own_->clone(), knn_->clone(), own_weight_);
  }

 private:
  std::unique_ptr<Ranker> own_;
  std::unique_ptr<Ranker> knn_;
  double own_weight_;
  std::vector<double> own_chances_;  // [items]
};

constexpr std::array kept_shares = {0.99, 0.9, 0.5};
constexpr std::array own_weights = {0.0, 0.03, 0.1, 0.3, 0.6, 0.9};
constexpr std::size_t max_tuning_targets = 5000;
constexpr std::uint32_t tuning_cutoff = 10;

// Sums the candidates' NDCG over targets, one moment after the other.
class MixtureSearch {
 public:
  explicit MixtureSearch(const data::Split& split)
      : split_(split), knn_(make_sequential_knn_ranker(split)), knn_chances_(split.log().item_ids.size()) {
    for (const double share : kept_shares) own_.push_back(make_own_past_ranker(split, share));
    own_chances_.resize(knn_chances_.size());
    scores_.resize(knn_chances_.size());
  }

  // Precondition: `targets` are one user's, in their order.
  void replay(std::span<const data::Target> targets) {
    const auto items = split_.log().items_of(targets.front().user);
    knn_->reset();
    for (const auto& own : own_) own->reset();
    std::size_t seen = 0;
    for (const data::Target& target : targets) {
      for (; seen < target.event; ++seen) {
        knn_->observe(items[seen]);
        for (const auto& own : own_) own->observe(items[seen]);
      }
      test(items[target.event]);
    }
  }

  [[nodiscard]] PastMixture best() const {
    const auto place = static_cast<std::size_t>(std::ranges::max_element(ndcg_) - ndcg_.begin());
    return {kept_shares[place / own_weights.size()], own_weights[place % own_weights.size()]};
  }

 private:
  void test(ItemIndex target) {
    knn_->scores(knn_chances_);
    make_chances(knn_chances_);
    for (std::size_t share = 0; share < kept_shares.size(); ++share) {
      own_[share]->scores(own_chances_);
      make_chances(own_chances_);
      for (std::size_t weight = 0; weight < own_weights.size(); ++weight) {
        mix(own_chances_, knn_chances_, own_weights[weight], scores_);
        ndcg_[share * own_weights.size() + weight] += ndcg(pessimistic_rank(scores_, target), tuning_cutoff);
      }
    }
  }

  const data::Split& split_;
  std::unique_ptr<Ranker> knn_;
  std::vector<std::unique_ptr<Ranker>> own_;  // one for each share
  std::vector<double> knn_chances_;
  std::vector<double> own_chances_;
  std::vector<double> scores_;
  std::array<double, kept_shares.size() * own_weights.size()> ndcg_{};
};

}  // namespace

PastMixture tune_past_mixture(const data::Split& split) {
  const std::vector<data::Target> targets = data::validation_targets(split);
  if (targets.empty()) return {};
  MixtureSearch search(split);
  const std::size_t every = (targets.size() + max_tuning_targets - 1) / max_tuning_targets;
  std::size_t user = 0;
  for (std::size_t begin = 0, end = 0; begin < targets.size(); begin = end) {
    while (end < targets.size() && targets[end].user == targets[begin].user) ++end;
    if (user++ % every == 0) search.replay(std::span(targets).subspan(begin, end - begin));
  }
  return search.best();
}

std::unique_ptr<Ranker> make_past_and_knn_ranker(const data::Split& split, const PastMixture& mixture) {
  return std::make_unique<PastAndKnnRanker>(make_own_past_ranker(split, mixture.kept_share),
                                            make_sequential_knn_ranker(split), mixture.own_weight);
}

}  // namespace sotto::evaluate
