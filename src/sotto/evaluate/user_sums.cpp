#include <sotto/evaluate/metrics.hpp>
#include <sotto/evaluate/user_sums.hpp>

namespace sotto::evaluate {
namespace {

struct Row {
  const Columns& columns;
  double* values;

  void add(const Ratio& ratio, double value) const noexcept { values[ratio.sum] += value; }
  void count(const Ratio& ratio) const noexcept { ++values[ratio.count]; }
};

void add_target(const Row& row, const Rankings& rankings, std::size_t target,
                const std::vector<std::uint32_t>& cutoffs) {
  for (std::size_t arm = 0; arm < rankings.arms; ++arm) {
    const std::uint32_t rank = rankings.rank(target, arm);
    for (std::size_t c = 0; c < cutoffs.size(); ++c) {
      const auto add = [&](Quantity quantity, double value) { row.add(row.columns.of_list(arm, c, quantity), value); };
      add(Quantity::hit_rate, hit_rate(rank, cutoffs[c]));
      add(Quantity::ndcg, ndcg(rank, cutoffs[c]));
      add(Quantity::reciprocal_rank, reciprocal_rank(rank, cutoffs[c]));
      add(Quantity::list_popularity, rankings.popularity_of_list(target, arm, c));
    }
  }
}

void add_to_slice(const Row& row, const Rankings& rankings, std::size_t target, std::size_t slice) {
  ++row.values[row.columns.targets_of_slice(slice)];
  for (std::size_t arm = 0; arm < rankings.arms; ++arm) {
    const std::uint32_t rank = rankings.rank(target, arm);
    row.add(row.columns.of_slice(slice, arm, Quantity::hit_rate), hit_rate(rank, slice_cutoff));
    row.add(row.columns.of_slice(slice, arm, Quantity::ndcg), ndcg(rank, slice_cutoff));
  }
}

void add_basket(const Row& row, const Rankings& rankings, std::size_t basket) {
  row.count(row.columns.of_list(0, 0, Quantity::basket_recall));
  for (std::size_t arm = 0; arm < rankings.arms; ++arm) {
    for (std::size_t c = 0; c < rankings.cutoffs; ++c) {
      row.add(row.columns.of_list(arm, c, Quantity::basket_recall), rankings.recall_of_basket(basket, arm, c));
    }
  }
}

}  // namespace

std::vector<double> sum_by_user(const data::Split& split, std::span<const data::Target> targets,
                                std::span<const Basket> baskets, std::span<const double> popularity,
                                const Rankings& rankings, const std::vector<std::uint32_t>& cutoffs) {
  const Columns columns(rankings.arms, rankings.cutoffs);
  const Slicer slicer(split);
  std::vector<double> sums;
  std::size_t basket = 0;
  for (std::size_t place = 0; place < targets.size(); ++place) {
    const auto& [user, event] = targets[place];
    if (place == 0 || user != targets[place - 1].user) sums.resize(sums.size() + columns.count());
    const Row row{columns, &sums[sums.size() - columns.count()]};
    row.count(columns.target_popularity());
    row.add(columns.target_popularity(), popularity[split.log().items_of(user)[event]]);
    add_target(row, rankings, place, cutoffs);
    for (const std::size_t slice : slicer.slices_of(targets[place])) add_to_slice(row, rankings, place, slice);
    if (basket < baskets.size() && baskets[basket].begin == place) add_basket(row, rankings, basket++);
  }
  return sums;
}

}  // namespace sotto::evaluate
