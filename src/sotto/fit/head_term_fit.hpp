// Finds the head terms' numbers with the lowest cross-entropy. The network of the examples does not change.
#pragma once

#include <sotto/fit/head_term_examples.hpp>
#include <sotto/fit/head_term_numbers.hpp>
#include <sotto/fit/item_popularity.hpp>

#include <vector>

namespace sotto::fit {

// The result of a fit that was stopped is invalid.
class HeadTermFit {
 public:
  // Uses the examples whose logits are kept. All arguments must outlive the fit.
  HeadTermFit(const std::vector<HeadTermExample>& examples, const ItemPopularity& popularity, train::ThreadPool& pool,
              FitMonitor& monitor);

  static constexpr int iterations = 150;  // each a pass over its examples

  // Uses Adam on all examples at once. If there are few targets, a prior keeps neighboring entries similar and all
  // values near 0.
  [[nodiscard]] HeadTermNumbers minimize_cross_entropy() const;

 private:
  void add_gradient(const HeadTermNumbers& numbers, HeadTermNumbers& gradient) const;

  std::vector<const HeadTermExample*> examples_;
  const ItemPopularity& popularity_;
  train::ThreadPool& pool_;
  FitMonitor& monitor_;
};

}  // namespace sotto::fit
