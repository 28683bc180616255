#include <sotto/evaluate/neighbour_table.hpp>

#include <algorithm>

namespace sotto::evaluate {
namespace {

bool heavier(const Neighbour& a, const Neighbour& b) noexcept {
  return a.weight != b.weight ? a.weight > b.weight : a.item < b.item;
}

}  // namespace

void NeighbourTable::append(std::vector<Neighbour>& row, std::size_t max_neighbours) {
  if (max_neighbours > 0 && row.size() > max_neighbours) {
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(max_neighbours);
    std::nth_element(row.begin(), end, row.end(), heavier);
    row.erase(end, row.end());
  }
  neighbours_.insert(neighbours_.end(), row.begin(), row.end());
  begin_.push_back(neighbours_.size());
}

}  // namespace sotto::evaluate
