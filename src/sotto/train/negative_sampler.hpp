// Negatives for sampled softmax, drawn with replacement from popularity^alpha (Hidasi and Karatzoglou, 2018).
#pragma once

#include <sotto/base/random.hpp>
#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

class NegativeSampler {
 public:
  // `item_count`: the number of training events of each item, which is its popularity. Items without events count as if
  // they had one, so that they are pushed down too, or they are never drawn. `draws_untouched` decides between the two.
  NegativeSampler(std::span<const std::uint64_t> item_count, double alpha, bool draws_untouched);

  [[nodiscard]] ItemIndex draw(Random& random) const noexcept;
  // Returns the log of the item's expected count among `count` draws.
  [[nodiscard]] float log_count(ItemIndex item, std::size_t count) const noexcept;

 private:
  std::vector<double> cumulative_;  // [items]: Σ of popularity^alpha up to and including the item, ends at 1
  std::vector<float> log_probability_;  // [items]
};

}  // namespace sotto::train
