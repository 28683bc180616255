#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/runtime/session.hpp>

#include <algorithm>
#include <vector>

namespace sotto::evaluate {
namespace {

class FloatRanker final : public Ranker {
 public:
  explicit FloatRanker(const FloatWeights& weights)
      : weights_(&weights), session_(weights), logits_(weights.embedding.rows) {}

  void reset() override { session_.reset(); }
  void observe(ItemIndex item) override { session_.observe(item); }
  void scores(std::span<double> scores) override {
    session_.scores(logits_);
    std::ranges::copy(logits_, scores.begin());
  }
  [[nodiscard]] std::unique_ptr<Ranker> clone() const override { return std::make_unique<FloatRanker>(*weights_); }

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
  return std::make_unique<FloatRanker>(weights);
}
std::unique_ptr<Ranker> make_fixed_ranker(const Engine& engine) { return std::make_unique<FixedRanker>(engine); }

}  // namespace sotto::evaluate
