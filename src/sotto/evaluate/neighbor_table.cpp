#include <sotto/evaluate/neighbor_table.hpp>

#include <algorithm>

namespace sotto::evaluate {
namespace {

bool heavier(const Neighbor& a, const Neighbor& b) noexcept {
  return a.weight != b.weight ? a.weight > b.weight : a.item < b.item;
}

}  // namespace

void NeighborTable::append(std::vector<Neighbor>& row, std::size_t max_neighbors) {
  if (max_neighbors > 0 && row.size() > max_neighbors) {
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(max_neighbors);
    std::nth_element(row.begin(), end, row.end(), heavier);
    row.erase(end, row.end());
  }
  neighbors_.insert(neighbors_.end(), row.begin(), row.end());
  begin_.push_back(neighbors_.size());
}

}  // namespace sotto::evaluate
