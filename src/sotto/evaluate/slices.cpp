#include <sotto/evaluate/slices.hpp>

#include <algorithm>

namespace sotto::evaluate {
namespace {

// Places in slice_names. History bands are given by their longest history, and the last has no end.
constexpr std::array<std::size_t, 5> band_ends = {2, 5, 10, 20, 50};
constexpr std::size_t popularity_at = band_ends.size() + 1;
constexpr std::size_t repeat_at = popularity_at + 4;

}  // namespace

std::array<std::size_t, 3> Slicer::slices_of(const data::Target& target) const {
  const auto items = split_->log().items_of(target.user);
  const ItemIndex item = items[target.event];
  const auto history = items.first(target.event);
  const bool repeat = std::ranges::find(history, item) != history.end();
  return {static_cast<std::size_t>(std::ranges::lower_bound(band_ends, history.size()) - band_ends.begin()),
          popularity_at + static_cast<std::size_t>(popularity_[item]), repeat_at + static_cast<std::size_t>(repeat)};
}

}  // namespace sotto::evaluate
