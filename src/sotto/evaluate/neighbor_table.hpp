// A sparse item → item table. Each item has a list of related items with their weights.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::evaluate {

struct Neighbor {
  ItemIndex item;
  float weight;
};

class NeighborTable {
 public:
  // Appends the next item's row. The `max_neighbors` heaviest neighbors are kept (ties: the lower index). With 0, all
  // are kept. Reorders `row`.
  void append(std::vector<Neighbor>& row, std::size_t max_neighbors);

  [[nodiscard]] std::span<const Neighbor> of(ItemIndex item) const noexcept {
    return std::span(neighbors_).subspan(begin_[item], begin_[item + 1] - begin_[item]);
  }

 private:
  std::vector<std::size_t> begin_ = {0};  // items + 1
  std::vector<Neighbor> neighbors_;
};

}  // namespace sotto::evaluate
