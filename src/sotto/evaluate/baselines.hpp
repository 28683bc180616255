// The baselines are rankers that count training events. Each keeps the data that it needs, so the split may be
// destroyed.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/ranker.hpp>

#include <memory>

namespace sotto::evaluate {

// Scores an item by its number of training events.
[[nodiscard]] std::unique_ptr<Ranker> make_popularity_ranker(const data::Split& split);

// Does the same with decayed counts. An event counts half as much as an event one half-life later. "Now" is the last
// training event, so that the ranking is the same for all users. The half-life was chosen once among 1, 3, 7, 14, 30,
// 60 and 120 days. It has the highest mean NDCG@10, relative to each log's best, on the validation targets of both
// splits of four public logs.
inline constexpr double recent_popularity_half_life_days = 30;
[[nodiscard]] std::unique_ptr<Ranker> make_recent_popularity_ranker(const data::Split& split);

// Ranks by the user's own past alone. An item scores Σ kept_share^age over its events, where age is the number of later
// events of the user. Popularity orders ties and items without an event. Precondition: 0 < kept_share < 1.
[[nodiscard]] std::unique_ptr<Ranker> make_own_past_ranker(const data::Split& split, double kept_share);
inline constexpr double frequency_kept_share = 0.99;
inline constexpr double recency_kept_share = 0.5;  // no number of older events outweighs a newer one

// First-order Markov chain. An item's score is the number of times that it directly followed the user's last item.
// Popularity orders ties, including items that never followed it.
[[nodiscard]] std::unique_ptr<Ranker> make_markov_ranker(const data::Split& split);

// Decayed sequential item-kNN. The score of item i is
//   Σ over the user's recent items j of age a = 0, 1, …: 0.5^a · W(j → i) / count(j)^0.7
// W(j → i) is the number of times that i came within 5 events after j, where an event d steps ahead counts 0.8^(d - 1).
// Only j's 200 heaviest neighbors count. Popularity orders ties.
[[nodiscard]] std::unique_ptr<Ranker> make_sequential_knn_ranker(const data::Split& split);

// What the user's own past and sequential kNN say together. Each gives chances, which are its scores divided by their
// sum, and an item scores own_weight · own + (1 - own_weight) · kNN.
struct PastMixture {
  double kept_share = 0.9;  // of the own past: 0 … 1
  double own_weight = 0.5;  // 0 … 1
  bool operator==(const PastMixture&) const = default;
};
// Chooses the mixture of the highest NDCG@10 on the split's validation targets, among three shares and six weights, 0
// among them. Of many targets it takes those of every nth user, about 5,000. Without validation targets it is the
// default one.
[[nodiscard]] PastMixture tune_past_mixture(const data::Split& split);
[[nodiscard]] std::unique_ptr<Ranker> make_past_and_knn_ranker(const data::Split& split, const PastMixture& mixture);

// Item-kNN. The score of item i is a sum of cosines over the distinct items j of the user's 3 latest events:
//   Σ |users of i ∩ users of j| / sqrt(|users of i| · |users of j|)
// Each user counts with the distinct items of the last 100 training events, and j with its 200 nearest items.
// Popularity orders ties.
[[nodiscard]] std::unique_ptr<Ranker> make_item_knn_ranker(const data::Split& split);

}  // namespace sotto::evaluate
