// How far to trust what was learned: base and personal head both predict an event before it is learned from
// (progressive validation), and the personal one's weight is its posterior probability, with a little given back at
// each event so that an old record is forgotten (fixed share; Herbster and Warmuth 1998).
#pragma once

#include <cstdint>

namespace sotto {

// What both gave to the events so far. In nats, so that a difference is a factor of the likelihood.
struct GateRecord {
  std::uint32_t events = 0;
  double base_log_likelihood = 0;
  double personal_log_likelihood = 0;
};

class Gate {
 public:
  // The personal head's part in the mixture, 0 … 1.
  [[nodiscard]] float weight() const noexcept { return weight_; }
  [[nodiscard]] const GateRecord& record() const noexcept { return record_; }

  // The probabilities that both gave to what came, 0 … 1.
  void update(float base_probability, float personal_probability) noexcept;

  void clear() noexcept { *this = Gate(); }
  void restore(float weight, const GateRecord& record) noexcept {
    weight_ = weight;
    record_ = record;
  }

 private:
  static constexpr float first_weight = 0.5F;

  float weight_ = first_weight;
  GateRecord record_;
};

}  // namespace sotto
