#include <sotto/evaluate/learner.hpp>

#include <algorithm>
#include <utility>

namespace sotto::evaluate {
namespace {

class FixedLearner final : public Learner {
 public:
  explicit FixedLearner(std::unique_ptr<Ranker> ranker) : ranker_(std::move(ranker)) {}

  void reset() override { ranker_->reset(); }
  void recall(const TimedEvent& event) override { ranker_->observe(event.item); }
  void learn(const TimedEvent& event) override { ranker_->observe(event.item); }
  void scores(std::int64_t /*now*/, std::span<double> scores) override { ranker_->scores(scores); }
  std::unique_ptr<Learner> clone() const override { return make_fixed_learner(ranker_->clone()); }

 private:
  std::unique_ptr<Ranker> ranker_;
};

class PersonalLearner final : public Learner {
 public:
  PersonalLearner(const Engine& engine, const PersonalOptions& options)
      : engine_(engine), options_(options), session_(engine, options) {}

  void reset() override { session_.reset(); }
  // Items come from the catalogue, so that nothing can fail.
  void recall(const TimedEvent& event) override { (void)session_.recall({&event.item, 1}, {&event.time, 1}); }
  void learn(const TimedEvent& event) override { (void)session_.observe(event.item, event.time); }
  void scores(std::int64_t now, std::span<double> scores) override {
    std::ranges::transform(session_.scores(now), scores.begin(), [](auto score) { return static_cast<double>(score); });
  }
  std::size_t state_bytes() const override { return session_.state_size(); }
  std::unique_ptr<Learner> clone() const override { return make_personal_learner(engine_, options_); }

 private:
  const Engine& engine_;
  PersonalOptions options_;
  PersonalSession session_;
};

}  // namespace

std::unique_ptr<Learner> make_fixed_learner(std::unique_ptr<Ranker> ranker) {
  return std::make_unique<FixedLearner>(std::move(ranker));
}

std::unique_ptr<Learner> make_personal_learner(const Engine& engine, const PersonalOptions& options) {
  return std::make_unique<PersonalLearner>(engine, options);
}

}  // namespace sotto::evaluate
