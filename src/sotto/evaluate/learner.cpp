#include <sotto/evaluate/learner.hpp>
#include <sotto/personal/internal/stored_personal_state.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>
#include <memory>
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
      : model_(std::make_shared<PersonalModel>(engine, options)), user_(*model_), workspace_(*model_) {}
  explicit PersonalLearner(std::shared_ptr<const PersonalModel> model)
      : model_(std::move(model)), user_(*model_), workspace_(*model_) {}

  void reset() override { session().reset(); }
  // Items come from the catalogue, so that this cannot fail.
  void recall(const TimedEvent& event) override { (void)session().recall({&event.item, 1}, {&event.time, 1}); }
  void learn(const TimedEvent& event) override { (void)session().observe(event.item, event.time); }
  void scores(std::int64_t now, std::span<double> scores) override {
    std::ranges::transform(session().scores(now), scores.begin(),
                           [](auto score) { return static_cast<double>(score); });
  }
  std::size_t state_bytes() const override { return stored_size(user_); }
  std::unique_ptr<Learner> clone() const override { return std::make_unique<PersonalLearner>(model_); }

 private:
  [[nodiscard]] PersonalSession session() noexcept { return {*model_, user_, workspace_}; }

  std::shared_ptr<const PersonalModel> model_;  // shared with the clones
  PersonalUser user_;
  PersonalWorkspace workspace_;
};

}  // namespace

std::unique_ptr<Learner> make_fixed_learner(std::unique_ptr<Ranker> ranker) {
  return std::make_unique<FixedLearner>(std::move(ranker));
}

std::unique_ptr<Learner> make_personal_learner(const Engine& engine, const PersonalOptions& options) {
  return std::make_unique<PersonalLearner>(engine, options);
}

}  // namespace sotto::evaluate
