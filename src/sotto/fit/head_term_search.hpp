// The search for head terms' numbers that bring more of the targets among the first ten.
#pragma once

#include <sotto/fit/head_term_examples.hpp>
#include <sotto/fit/head_term_numbers.hpp>
#include <sotto/fit/item_popularity.hpp>
#include <sotto/model/float_model.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace sotto::fit {

// By how much the search moves its five scales: of the network's logits, of popularity overall and lately, of the curve
// and of the history term. Cross-entropy weighs how sure one may be of each item, so it keeps to popular ones; a list
// has ten places whatever their odds.
using ScaleMoves = std::array<double, 5>;

// What a search that is stopped returns is of no use.
//
// NDCG@10 of a few thousand targets has many maxima of nearly one height, far apart, and which is the highest is
// chance. So the search takes the mean of all the places where it was, weighing e times less for each time that their
// NDCG is lower by what chance makes of a difference.
//
// Only an example's candidates are ranked: the items with history or counts, the best of the others under the numbers
// that the search starts from, and of the rest a sample that stands for it. So it affords many examples of a large
// catalogue.
class HeadTermSearch {
 public:
  // Chooses the candidates, a pass over the examples. All arguments but `from` must outlive the search.
  HeadTermSearch(const FloatWeights& weights, const std::vector<HeadTermExample>& examples,
                 const ItemPopularity& popularity, const HeadTermNumbers& from, train::ThreadPool& pool,
                 FitMonitor& monitor);

  struct Found {
    HeadTermNumbers numbers;
    double ndcg;  // @10, of the examples' targets among all items, as far as the samples tell; ties against them
  };
  [[nodiscard]] Found maximize_ndcg();

  // Over all examples, that of the constructor too, when no step finds anything better.
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
