// The gate decides how much the learned parts count. Four predictors predict each event before it is learned from
// (progressive validation): the base alone, with the memory, with the taste, and with both. Each has a posterior
// probability. At each event a small share of it returns to the start value, so that an old record fades (fixed share;
// Herbster and Warmuth 1998).
//
// At first the gate gives the base the highest probability. Most users have few events, and with few events a change of
// the list is a loss nearly as often as a gain.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto {

// The log-likelihoods of the events so far under the base alone, and under the base with memory and taste, in nats.
struct GateRecord {
  std::uint32_t events = 0;
  double base_log_likelihood = 0;
  double personal_log_likelihood = 0;
};

class Gate {
 public:
  static constexpr std::size_t predictors = 4;
  enum Predictor : std::size_t { base, with_memory, with_taste, with_both };
  using Weights = std::array<float, predictors>;

  // The shares with which the memory and the taste count, 0 … 1.
  [[nodiscard]] float memory_share() const noexcept { return weights_[with_memory] + weights_[with_both]; }
  [[nodiscard]] float taste_share() const noexcept { return weights_[with_taste] + weights_[with_both]; }
  // The probability that the learned parts should count at all, 0 … 1.
  [[nodiscard]] float trust() const noexcept { return 1.0F - weights_[base]; }
  // The posterior probability of each predictor.
  [[nodiscard]] const Weights& weights() const noexcept { return weights_; }
  [[nodiscard]] const GateRecord& record() const noexcept { return record_; }

  // Updates the gate after an event. The predictors had given it these probabilities, 0 … 1.
  void update(const Weights& probabilities) noexcept;

  void clear() noexcept { *this = Gate(); }
  void restore(const Weights& weights, const GateRecord& record) noexcept {
    weights_ = weights;
    record_ = record;
  }

 private:
  static constexpr float first_memory = 0.1F;
  static constexpr float first_taste = 0.2F;
  static constexpr Weights first_weights{(1.0F - first_memory) * (1.0F - first_taste),
                                         first_memory * (1.0F - first_taste), (1.0F - first_memory) * first_taste,
                                         first_memory* first_taste};

  Weights weights_ = first_weights;
  GateRecord record_;
};

}  // namespace sotto
