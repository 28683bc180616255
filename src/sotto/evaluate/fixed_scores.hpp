// A ranker whose scores are the same for all users.
#pragma once

#include <sotto/evaluate/ranker.hpp>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace sotto::evaluate {

class FixedScoresRanker final : public Ranker {
 public:
  explicit FixedScoresRanker(std::shared_ptr<const std::vector<double>> scores) : scores_(std::move(scores)) {}

  void reset() override {}
  void observe(ItemIndex) override {}
  void scores(std::span<double> scores) override { std::ranges::copy(*scores_, scores.begin()); }
  [[nodiscard]] std::unique_ptr<Ranker> clone() const override { return std::make_unique<FixedScoresRanker>(scores_); }

 private:
  std::shared_ptr<const std::vector<double>> scores_;  // [items]
};

}  // namespace sotto::evaluate
