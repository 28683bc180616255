#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/popularity.hpp>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

constexpr double max_weight = 1e100;
constexpr double tie_scale = 1e-9;  // keeps popularity below any past event that still counts

class OwnPastRanker final : public Ranker {
 public:
  // `kept_share`: of a past event's weight, what remains at each later event.
  OwnPastRanker(std::shared_ptr<const std::vector<double>> popularity, double kept_share)
      : popularity_(std::move(popularity)), kept_share_(kept_share), own_(popularity_->size()) {}

  void reset() override {
    std::ranges::fill(own_, 0.0);
    newest_ = 1;
  }
  // A newer event gets a larger weight, instead of smaller weights for all older events.
  void observe(ItemIndex item) override {
    newest_ /= kept_share_;
    own_[item] += newest_;
    if (newest_ < max_weight) return;
    for (double& score : own_) score /= newest_;
    newest_ = 1;
  }
  void scores(std::span<double> scores) override {
    std::ranges::transform(own_, *popularity_, scores.begin(),
                           [this](double own, double popularity) { return own / newest_ + tie_scale * popularity; });
  }
  std::unique_ptr<Ranker> clone() const override { return std::make_unique<OwnPastRanker>(popularity_, kept_share_); }

 private:
  std::shared_ptr<const std::vector<double>> popularity_;
  double kept_share_;
  std::vector<double> own_;  // [items]: Σ over the item's events
  double newest_ = 1;        // weight of the latest event
};

}  // namespace

std::unique_ptr<Ranker> make_own_past_ranker(const data::Split& split, double kept_share) {
  return std::make_unique<OwnPastRanker>(std::make_shared<const std::vector<double>>(tie_breaking_popularity(split)),
                                         kept_share);
}

}  // namespace sotto::evaluate
