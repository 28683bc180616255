#include <sotto/evaluate/followers.hpp>
#include <sotto/evaluate/popularity.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sotto::evaluate {
namespace {

// For each item, the places in the log where another training event follows it.
struct Occurrences {
  struct Place {
    std::size_t event;       // row of the log
    std::uint32_t followers;  // training events of the same user after it, at most the window
  };
  std::vector<std::size_t> begin;  // items + 1
  std::vector<Place> places;

  Occurrences(const data::Split& split, const std::vector<std::uint64_t>& counts, std::uint32_t window)
      : begin(counts.size() + 1, 0) {
    std::inclusive_scan(counts.begin(), counts.end(), begin.begin() + 1);
    places.resize(begin.back());
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    const data::Interactions& log = split.log();
    for (std::size_t user = 0; user < log.users(); ++user) {
      const auto items = split.training_items(user);
      for (std::size_t i = 0; i < items.size(); ++i) {
        const auto followers = static_cast<std::uint32_t>(std::min<std::size_t>(window, items.size() - 1 - i));
        places[next[items[i]]++] = {log.user_begin[user] + i, followers};
      }
    }
  }
};

}  // namespace

NeighborTable count_followers(const data::Split& split, const FollowerOptions& options) {
  const std::vector<std::uint64_t> counts = data::training_counts(split);
  const Occurrences occurrences(split, counts, options.window);
  const std::vector<ItemIndex>& events = split.log().item;

  std::vector<double> step_weight(options.window);
  for (std::size_t d = 0; d < step_weight.size(); ++d) step_weight[d] = std::pow(options.decay, static_cast<double>(d));

  std::vector<double> weight(counts.size(), 0);
  std::vector<ItemIndex> touched;
  std::vector<Neighbor> row;
  NeighborTable table;
  for (ItemIndex item = 0; item < counts.size(); ++item) {
    for (std::size_t p = occurrences.begin[item]; p < occurrences.begin[item + 1]; ++p) {
      const auto [event, followers] = occurrences.places[p];
      for (std::size_t d = 0; d < followers; ++d) {
        const ItemIndex follower = events[event + 1 + d];
        if (weight[follower] == 0) touched.push_back(follower);
        weight[follower] += step_weight[d];
      }
    }
    row.clear();
    for (const ItemIndex follower : touched) {
      row.push_back({follower, static_cast<float>(weight[follower])});
      weight[follower] = 0;
    }
    touched.clear();
    table.append(row, options.max_neighbors);
  }
  return table;
}

}  // namespace sotto::evaluate
