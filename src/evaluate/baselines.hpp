// What a model has to beat: rankers that count training events. Each keeps what it needs; the split may go.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/ranker.hpp>

#include <memory>

namespace sotto::evaluate {

// Scores an item by its number of training events.
[[nodiscard]] std::unique_ptr<Ranker> make_popularity_ranker(const data::Split& split);

// First-order Markov chain: scores an item by how often it directly followed the user's last item; ties,
// unseen successors among them, by popularity.
[[nodiscard]] std::unique_ptr<Ranker> make_markov_ranker(const data::Split& split);

// Decayed sequential item-kNN: the score of item i is
//   Σ over the user's recent items j of age a = 0, 1, …: 0.5^a · W(j → i) / count(j)^0.7
// with W(j → i) the number of times i came within 5 events after j, an event d steps ahead counting 0.8^(d - 1),
// and j's 200 heaviest neighbours only; ties by popularity.
[[nodiscard]] std::unique_ptr<Ranker> make_sequential_knn_ranker(const data::Split& split);

}  // namespace sotto::evaluate
