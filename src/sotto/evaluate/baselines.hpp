// What a model has to beat: rankers that count training events. Each keeps what it needs; the split may go.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/ranker.hpp>

#include <memory>

namespace sotto::evaluate {

// Scores an item by its number of training events.
[[nodiscard]] std::unique_ptr<Ranker> make_popularity_ranker(const data::Split& split);

// The same with newer events counting more: an event counts half as much as one that came the half-life later.
// "Now" is the last training event, so that the ranking is the same for everybody.
// Chosen once among 1, 3, 7, 14, 30, 60 and 120 days, for the highest mean NDCG@10 relative to each log's best on the
// validation targets of both splits of four public logs.
inline constexpr double recent_popularity_half_life_days = 30;
[[nodiscard]] std::unique_ptr<Ranker> make_recent_popularity_ranker(const data::Split& split);

// The user's own past alone: an item scores Σ 0.99^age over its events, age in the user's events since; ties, and items
// without one, by popularity.
[[nodiscard]] std::unique_ptr<Ranker> make_frequency_ranker(const data::Split& split);

// First-order Markov chain: scores an item by how often it directly followed the user's last item; ties,
// unseen successors among them, by popularity.
[[nodiscard]] std::unique_ptr<Ranker> make_markov_ranker(const data::Split& split);

// Decayed sequential item-kNN: the score of item i is
//   Σ over the user's recent items j of age a = 0, 1, …: 0.5^a · W(j → i) / count(j)^0.7
// with W(j → i) the number of times i came within 5 events after j, an event d steps ahead counting 0.8^(d - 1),
// and j's 200 heaviest neighbors only; ties by popularity.
[[nodiscard]] std::unique_ptr<Ranker> make_sequential_knn_ranker(const data::Split& split);

// Item-kNN: the score of item i is the sum over the user's 3 latest events' distinct items j of the cosine
//   |users of i ∩ users of j| / sqrt(|users of i| · |users of j|)
// where each user is counted with the distinct items of the last 100 training events, and j with its 200 nearest
// items; ties by popularity.
[[nodiscard]] std::unique_ptr<Ranker> make_item_knn_ranker(const data::Split& split);

}  // namespace sotto::evaluate
