#include <sotto/evaluate/head_products.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/runtime/session.hpp>

#include <algorithm>
#include <functional>
#include <memory>
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
    // Not before it is needed: the ranker that others are cloned from needs none.
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
  // What scores_later() left to finish(), but the head's input.
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

// A step of the LSTM for every item, which has no products in common.
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

class FixedRanker final : public Ranker {
 public:
  explicit FixedRanker(const Engine& engine) : engine_(&engine), session_(engine) {}

  void reset() override {
    session_.reset();
    unseen_.clear();
  }
  void observe(ItemIndex item) override { unseen_.push_back(item); }
  void scores(std::span<double> scores) override {
    static_cast<void>(session_.observe_all(unseen_));  // of the catalogue, all of them
    unseen_.clear();
    std::ranges::copy(session_.scores(), scores.begin());
  }
  [[nodiscard]] std::unique_ptr<Ranker> clone() const override { return std::make_unique<FixedRanker>(*engine_); }

 private:
  const Engine* engine_;
  Session session_;
  std::vector<ItemIndex> unseen_;  // observed, but not yet by the session, which is faster with many at once
};

}  // namespace

std::unique_ptr<Ranker> make_float_ranker(const FloatWeights& weights) {
  if (weights.head_kind == HeadKind::binary) return std::make_unique<BinaryRanker>(weights);
  return std::make_unique<FloatRanker>(weights);
}
std::unique_ptr<Ranker> make_fixed_ranker(const Engine& engine) { return std::make_unique<FixedRanker>(engine); }

}  // namespace sotto::evaluate
