#include <sotto/evaluate/head_products.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/runtime/session_group.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

class FloatRanker final : public Ranker {
 public:
  explicit FloatRanker(const FloatWeights& weights) : weights_(&weights), session_(weights) {}

  void reset() override { session_.reset(); }
  void observe(ItemIndex item) override { session_.observe(item); }
  void scores(std::span<double> scores) override {
    scores_later(scores, [] {});
    finish();
  }
  void scores_later(std::span<double> scores, std::function<void()> then) override {
    // The products are made on first use, because the ranker that others are cloned from needs none.
    if (products_ == nullptr) products_ = make_head_products(weights_->head_weights(), weights_->head_bias);
    std::ranges::copy(session_.head_input(), products_->input(moments_.size()).begin());
    const auto terms = session_.head_terms();
    moments_.push_back({{terms.begin(), terms.end()}, scores, std::move(then)});
    if (moments_.size() == HeadProducts::max_batch) finish();
  }
  void finish() override {
    if (moments_.empty()) return;
    std::span<float> logits = products_->logits(moments_.size());
    for (const Moment& moment : moments_) {
      const std::span<float> own = logits.first(moment.scores.size());
      for (const auto& [item, logit] : moment.terms) own[item] += logit;
      std::ranges::copy(own, moment.scores.begin());
      moment.then();
      logits = logits.subspan(own.size());
    }
    moments_.clear();
  }
  [[nodiscard]] std::unique_ptr<Ranker> clone() const override { return std::make_unique<FloatRanker>(*weights_); }

 private:
  // The data that scores_later() keeps for finish(), except the head's input.
  struct Moment {
    std::vector<HeadTerm> terms;
    std::span<double> scores;
    std::function<void()> then;
  };

  const FloatWeights* weights_;
  FloatSession session_;
  std::unique_ptr<HeadProducts> products_;
  std::vector<Moment> moments_;
};

// Takes a step of the LSTM for every item. The steps have no products in common.
class BinaryRanker final : public Ranker {
 public:
  explicit BinaryRanker(const FloatWeights& weights)
      : weights_(&weights), session_(weights), logits_(weights.embedding.rows) {}

  void reset() override { session_.reset(); }
  void observe(ItemIndex item) override { session_.observe(item); }
  void scores(std::span<double> scores) override {
    session_.scores(logits_);
    std::ranges::copy(logits_, scores.begin());
  }
  [[nodiscard]] std::unique_ptr<Ranker> clone() const override { return std::make_unique<BinaryRanker>(*weights_); }

 private:
  const FloatWeights* weights_;
  FloatSession session_;
  std::vector<float> logits_;
};

// Users wait until they fill a group. Then the group goes through their events together.
class FixedRanker final : public Ranker {
 public:
  explicit FixedRanker(const Engine& engine) : engine_(&engine) {}

  void reset() override {
    if (!users_[current_].moments.empty() && ++current_ == users_.size()) {
      finish();
      current_ = 0;
    }
    User& user = users_[current_];
    user.events.clear();
    if (user.state) user.state->reset();
  }
  void observe(ItemIndex item) override { users_[current_].events.push_back(item); }
  void scores(std::span<double> scores) override {
    finish();  // other users may wait with the same memory
    scores_later(scores, [] {});
    finish();
  }
  void scores_later(std::span<double> scores, std::function<void()> then) override {
    User& user = users_[current_];
    user.moments.push_back({user.events.size(), scores, std::move(then)});
  }
  void finish() override {
    std::size_t longest = 0;
    for (User& user : users_) {
      const bool waits = !user.events.empty() || !user.moments.empty();
      if (waits && !user.state) user.state.emplace(*engine_);
      if (waits && !thread_) thread_ = std::make_unique<Thread>(*engine_);
      longest = std::max(longest, user.events.size());
    }
    for (std::size_t event = 0; event <= longest; ++event) {
      score_those_at(event);
      observe_of_all(event);
    }
    for (User& user : users_) {
      user.events.clear();
      user.moments.clear();
      user.scored = 0;
    }
  }
  [[nodiscard]] std::unique_ptr<Ranker> clone() const override { return std::make_unique<FixedRanker>(*engine_); }

 private:
  // This has memory for all items.
  struct Thread {
    explicit Thread(const Engine& engine) : workspace(engine), group(engine, workspace) {}
    Workspace workspace;
    SessionGroup group;
  };
  struct Moment {
    std::size_t after;  // number of waiting events before the moment
    std::span<double> scores;
    std::function<void()> then;
  };
  struct User {
    std::optional<UserState> state = {};  // none before the first finish()
    std::vector<ItemIndex> events = {};  // not yet in the state
    std::vector<Moment> moments = {};
    std::size_t scored = 0;  // number of finished moments
  };

  // Handles users with several requests after one event, in one pass after the other.
  void score_those_at(std::size_t event) {
    for (;;) {
      std::vector<User*> asked;
      std::vector<UserState*> states;
      for (User& user : users_) {
        if (user.scored == user.moments.size() || user.moments[user.scored].after != event) continue;
        asked.push_back(&user);
        states.push_back(&*user.state);
      }
      if (asked.empty()) return;
      thread_->group.for_each_user(states, [&](std::size_t n, Session session) {
        const Moment& moment = asked[n]->moments[asked[n]->scored++];
        std::ranges::copy(session.scores(), moment.scores.begin());
        moment.then();
      });
    }
  }

  void observe_of_all(std::size_t event) {
    std::vector<UserState*> states;
    std::vector<ItemIndex> items;
    for (User& user : users_) {
      if (event >= user.events.size()) continue;
      states.push_back(&*user.state);
      items.push_back(user.events[event]);
    }
    if (!states.empty()) thread_->group.observe_known(states, items);
  }

  const Engine* engine_;
  std::unique_ptr<Thread> thread_;  // made on first use, because the ranker that others are cloned from needs none
  std::array<User, SessionGroup::max_users> users_;
  std::size_t current_ = 0;
};

}  // namespace

std::unique_ptr<Ranker> make_float_ranker(const FloatWeights& weights) {
  if (weights.head_kind == HeadKind::binary) return std::make_unique<BinaryRanker>(weights);
  return std::make_unique<FloatRanker>(weights);
}
std::unique_ptr<Ranker> make_fixed_ranker(const Engine& engine) { return std::make_unique<FixedRanker>(engine); }

}  // namespace sotto::evaluate
