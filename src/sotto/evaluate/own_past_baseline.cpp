#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/popularity.hpp>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

// The share of a past event's weight that remains at each later event.
constexpr double kept_share = 0.99;
constexpr double max_weight = 1e100;
constexpr double frequency_tie_scale = 1e-9;  // keeps popularity below any past event that still counts

class FrequencyRanker final : public Ranker {
 public:
  explicit FrequencyRanker(std::shared_ptr<const std::vector<double>> popularity)
      : popularity_(std::move(popularity)), own_(popularity_->size()) {}

  void reset() override {
    std::ranges::fill(own_, 0.0);
    newest_ = 1;
  }
  // A newer event gets a larger weight, instead of smaller weights for all older events.
  void observe(ItemIndex item) override {
    newest_ /= kept_share;
    own_[item] += newest_;
    if (newest_ < max_weight) return;
    for (double& score : own_) score /= newest_;
    newest_ = 1;
  }
  void scores(std::span<double> scores) override {
    std::ranges::transform(own_, *popularity_, scores.begin(), [this](double own, double popularity) {
      return own / newest_ + frequency_tie_scale * popularity;
    });
  }
  std::unique_ptr<Ranker> clone() const override { return std::make_unique<FrequencyRanker>(popularity_); }

 private:
  std::shared_ptr<const std::vector<double>> popularity_;
  std::vector<double> own_;  // [items]: Σ over the item's events
  double newest_ = 1;        // weight of the latest event
};

}  // namespace

std::unique_ptr<Ranker> make_frequency_ranker(const data::Split& split) {
  return std::make_unique<FrequencyRanker>(std::make_shared<const std::vector<double>>(tie_breaking_popularity(split)));
}

}  // namespace sotto::evaluate
