// The search for the head terms' numbers, over examples whose network stays as it is.
#pragma once

#include <sotto/model/fixed_model.hpp>
#include <sotto/train/head_term_examples.hpp>
#include <sotto/train/item_popularity.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::train {

// All numbers in one array: ages, occurrences, follow, the curve's knots, a temperature of the network's logits and
// weights of the items' popularity overall and lately; in logits. A count of 1 is the base line: its entry stays 0.
namespace head_term {
inline constexpr std::size_t occurrences = age_buckets;
inline constexpr std::size_t follow = occurrences + count_buckets;
inline constexpr std::size_t curve = follow + 1;
inline constexpr std::size_t temperature = curve + count_curve_knots;
inline constexpr std::size_t overall = temperature + 1;  // the three of a ScoreMix, side by side
inline constexpr std::size_t lately = overall + 1;
inline constexpr std::size_t count = lately + 1;
}  // namespace head_term
using HeadTermNumbers = std::array<double, head_term::count>;

// What a fit that is stopped returns is of no use.
class HeadTermFit {
 public:
  // All must outlive the fit.
  HeadTermFit(const std::vector<HeadTermExample>& examples, const ItemPopularity& popularity, ThreadPool& pool,
              FitMonitor& monitor)
      : examples_(examples), popularity_(popularity), pool_(pool), monitor_(monitor) {}

  // Of the two below over all examples, when no step of the search finds anything better.
  [[nodiscard]] static std::uint64_t fewest_passes();

  // The numbers of the lowest cross-entropy of the targets, by Adam on all of them at once. A prior keeps neighbouring
  // entries alike and all values near 0 where targets are few.
  [[nodiscard]] HeadTermNumbers minimise_cross_entropy() const;

  // From there to a higher NDCG@10, by a search over five scales: of the network's logits, of popularity overall and
  // lately, of the curve and of the history term. Cross-entropy weighs how sure one may be of each item, so it keeps to
  // popular ones; a list has ten places whatever their odds.
  struct Found {
    HeadTermNumbers numbers;
    double ndcg;  // of the targets among all items, ties against them
  };
  [[nodiscard]] Found maximise_ndcg(const HeadTermNumbers& from) const;

 private:
  [[nodiscard]] double ndcg(const HeadTermNumbers& numbers) const;
  void add_gradient(const HeadTermNumbers& numbers, HeadTermNumbers& gradient) const;
  [[nodiscard]] Found climb(HeadTermNumbers from) const;

  const std::vector<HeadTermExample>& examples_;
  const ItemPopularity& popularity_;
  ThreadPool& pool_;
  FitMonitor& monitor_;
};

}  // namespace sotto::train
