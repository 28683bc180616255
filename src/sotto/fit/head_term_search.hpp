// Searches for the head terms' numbers that rank more of the targets among the first ten.
#pragma once

#include <sotto/fit/head_term_examples.hpp>
#include <sotto/fit/head_term_numbers.hpp>
#include <sotto/fit/item_popularity.hpp>
#include <sotto/model/float_model.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace sotto::fit {

// The moves of the search's five scales: the network's logits, overall popularity, recent popularity, the curve and the
// history term. Cross-entropy rewards well-calibrated odds and thus favors popular items. A list has ten places,
// whatever the odds of its items.
using ScaleMoves = std::array<double, 5>;

// NDCG@10 of a few thousand targets has many maxima of nearly equal height, far apart, and chance decides which of them
// is the highest. The search therefore returns the mean of all places that it visited. The weight of a place falls by a
// factor of e for each standard deviation of chance by which its NDCG is below the highest.
//
// Only an example's candidates are ranked. They are the items with history or counts, the best of the other items under
// the start numbers of the search, and a sample that represents the rest. This makes many examples of a large catalogue
// affordable.
//
// The result of a search that was stopped is invalid.
class HeadTermSearch {
 public:
  // Chooses the candidates, which takes a pass over the examples. All arguments except `from` must outlive the search.
  HeadTermSearch(const FloatWeights& weights, const std::vector<HeadTermExample>& examples,
                 const ItemPopularity& popularity, const HeadTermNumbers& from, train::ThreadPool& pool,
                 FitMonitor& monitor);

  struct Found {
    HeadTermNumbers numbers;
    double ndcg;  // NDCG@10 of the targets among all items, estimated from the samples; ties rank above a target
  };
  [[nodiscard]] Found maximize_ndcg();

  // The number of passes over all examples if no step finds a better place, including the constructor's pass.
  [[nodiscard]] static std::uint64_t min_passes();

 private:
  struct Candidate {
    ItemIndex item;
    float logit;  // the network's logit
  };
  struct Candidates {
    std::vector<Candidate> certain;  // the target first
    std::vector<Candidate> sampled;
    double weight = 0;  // number of items that a sampled item represents
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
  std::vector<Candidates> candidates_;  // for each example
  const ItemPopularity& popularity_;
  HeadTermNumbers from_;
  std::vector<Place> places_;  // places that the search visited
  train::ThreadPool& pool_;
  FitMonitor& monitor_;
};

}  // namespace sotto::fit
