// Searches head terms' numbers that bring more of the targets among the first ten.
#pragma once

#include <sotto/fit/head_term_examples.hpp>
#include <sotto/fit/head_term_numbers.hpp>
#include <sotto/fit/item_popularity.hpp>
#include <sotto/model/float_model.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace sotto::fit {

// How far the search moves its five scales: those of the network's logits, of popularity overall and lately, of the
// curve and of the history term. Cross-entropy rewards well-calibrated odds and so favors popular items; a list has ten
// places whatever their odds.
using ScaleMoves = std::array<double, 5>;

// NDCG@10 of a few thousand targets has many maxima of nearly equal height, far apart, and chance decides which of them
// is the highest. The search therefore returns the mean of all places that it visited. A place weighs e times less for
// each standard difference by chance that its NDCG is below the highest.
//
// Only an example's candidates are ranked: the items with history or counts, the best of the others under the numbers
// that the search starts from, and a sample of the rest that stands for it. This makes many examples of a large
// catalogue affordable.
//
// The result of a search that was stopped is of no use.
class HeadTermSearch {
 public:
  // Chooses the candidates, a pass over the examples. All arguments but `from` must outlive the search.
  HeadTermSearch(const FloatWeights& weights, const std::vector<HeadTermExample>& examples,
                 const ItemPopularity& popularity, const HeadTermNumbers& from, train::ThreadPool& pool,
                 FitMonitor& monitor);

  struct Found {
    HeadTermNumbers numbers;
    double ndcg;  // @10, of the examples' targets among all items, estimated from the samples; ties rank above a target
  };
  [[nodiscard]] Found maximize_ndcg();

  // The passes over all examples when no step finds anything better, the constructor's pass included.
  [[nodiscard]] static std::uint64_t min_passes();

 private:
  struct Candidate {
    ItemIndex item;
    float logit;  // of the network
  };
  struct Candidates {
    std::vector<Candidate> certain;  // the target first
    std::vector<Candidate> sampled;
    double weight = 0;  // items that a sampled one stands for
  };

  struct Place {
    ScaleMoves moves;
    double ndcg;
  };

  void choose_candidates(const FloatWeights& weights);
  [[nodiscard]] double ndcg(const HeadTermNumbers& numbers) const;
  double look_at(const ScaleMoves& moves);
  void climb(ScaleMoves from);

  const std::vector<HeadTermExample>& examples_;
  std::vector<Candidates> candidates_;  // of each example
  const ItemPopularity& popularity_;
  HeadTermNumbers from_;
  std::vector<Place> places_;  // where the search was
  train::ThreadPool& pool_;
  FitMonitor& monitor_;
};

}  // namespace sotto::fit
