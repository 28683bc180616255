// Makes the count expert's table (model/count_expert.hpp) from a split's training events. It is an item → item table of
// decayed co-occurrence within a few events, as in sequential nearest-neighbor recommenders (Jannach and Ludewig,
// 2017).
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/content_similarity.hpp>
#include <sotto/model/count_expert.hpp>

#include <atomic>
#include <cstdint>

namespace sotto::fit {

// T(j, i) is a sum over pairs of an event on j and one on i of the same user that are g events apart, 1 ≤ g ≤ window. A
// pair counts gap_decay^(g - 1), times `backward` if i came before j. Items of like content count as if they had been
// met together: content_pairs times their cosine is added. So do items that were met together with the same items, even
// if nobody met both: company_pairs times the cosine of their company (second-order co-occurrence; Schütze, 1998). The
// sum is divided by n_j^source_power · n_i^target_power, where n is the number of the item's training events, at least
// 1.
struct CountTableOptions {
  std::uint32_t neighbors = 20;  // number that is kept for each item, the heaviest ones
  std::uint32_t window = 5;  // 1 … 255
  double gap_decay = 0.7;
  double backward = 0;
  double source_power = 1;
  double target_power = 0;
  double content_pairs = 0;  // needs a ContentSimilarity
  double company_pairs = 0;
  double history_decay = 0.7;  // weights of a user's events, the latest first: decay[a] = history_decay^a
};

// Returns the expert with its table and decay. Its curve is all 0 until it is fitted (fit_head_terms.hpp). `content` is
// of the same items, in the same order; null or empty: only pairs count. The table is incomplete if `stop` was set
// during the call.
[[nodiscard]] CountExpert make_count_table(const data::Split& split, const CountTableOptions& options,
                                           const ContentSimilarity* content = nullptr,
                                           const std::atomic<bool>* stop = nullptr);

}  // namespace sotto::fit
