// Which items follow which in the training events: a sparse item → item table of weighted counts.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::evaluate {

struct Neighbour {
  ItemIndex item;
  float weight;
};

struct NeighbourOptions {
  std::uint32_t window = 1;        // how many events ahead are looked at, 1 … 255
  double decay = 1;                // an event d steps ahead counts decay^(d - 1)
  std::size_t max_neighbours = 0;  // for each item, the heaviest ones (ties: the lower index); 0: all
};

class NeighbourTable {
 public:
  NeighbourTable(const data::Split& split, const NeighbourOptions& options);
  [[nodiscard]] std::span<const Neighbour> of(ItemIndex item) const noexcept {
    return std::span(neighbours_).subspan(begin_[item], begin_[item + 1] - begin_[item]);
  }

 private:
  std::vector<std::size_t> begin_;  // items + 1
  std::vector<Neighbour> neighbours_;
};

// Training events of each item.
[[nodiscard]] std::vector<std::uint64_t> training_counts(const data::Split& split);

}  // namespace sotto::evaluate
