#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/popularity.hpp>
#include <sotto/evaluate/rank_targets.hpp>
#include <sotto/evaluate/slices.hpp>
#include <sotto/evaluate/user_sums.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

constexpr std::uint32_t usual_cutoff = 10;

std::uint64_t count_users(std::span<const data::Target> targets) {
  std::uint64_t users = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (i == 0 || targets[i].user != targets[i - 1].user) ++users;
  }
  return users;
}

std::vector<data::Target> targets_of(const data::Split& split, const EvaluateOptions& options) {
  std::vector<data::Target> targets =
      options.target == Target::test ? data::test_targets(split) : data::validation_targets(split);
  if (options.max_targets == 0 || targets.size() <= options.max_targets) return targets;
  const std::size_t every = (targets.size() + options.max_targets - 1) / options.max_targets;
  std::size_t user = 0;  // its number among the users with targets
  std::size_t last = targets.front().user;
  std::erase_if(targets, [&](const data::Target& target) {
    if (std::exchange(last, target.user) != target.user) ++user;
    return user % every != 0;
  });
  return targets;
}

Estimate estimate(const Bootstrap& bootstrap, const Ratio& ratio) {
  return {bootstrap.mean(ratio), bootstrap.interval(ratio)};
}

Estimate estimate_difference(const Bootstrap& bootstrap, const Ratio& ratio, const Ratio& subtracted) {
  return {bootstrap.mean(ratio) - bootstrap.mean(subtracted), bootstrap.difference(ratio, subtracted)};
}

std::optional<std::size_t> find_best_baseline(std::span<const Arm> arms, const Bootstrap& bootstrap,
                                              const Columns& columns, std::size_t main_cutoff) {
  const auto value = [&](std::size_t arm) { return bootstrap.mean(columns.of_list(arm, main_cutoff, Quantity::ndcg)); };
  std::optional<std::size_t> best;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    if (arms[arm].kind == ArmKind::baseline && (!best || value(arm) > value(*best))) best = arm;
  }
  return best;
}

// Computes HR@1, HR@2, … and the number of targets that the arm does not know.
void read_ranks(const Rankings& rankings, std::size_t arm, std::size_t targets, ArmMetrics& metrics) {
  metrics.hit_curve.assign(hit_curve_length, 0);
  for (std::size_t place = 0; place < targets; ++place) {
    const std::uint32_t rank = rankings.rank(place, arm);
    if (rank == missed) ++metrics.unknown_targets;
    for (std::uint32_t k = rank; k <= hit_curve_length; ++k) ++metrics.hit_curve[k - 1];
  }
  for (double& hits : metrics.hit_curve) hits /= static_cast<double>(targets);
}

void read_accuracy(const Bootstrap& bootstrap, const Columns& columns, std::size_t arm,
                   std::optional<std::size_t> best_baseline, bool with_baskets, ArmMetrics& metrics) {
  if (best_baseline && best_baseline != arm) metrics.ahead.emplace();
  const auto add = [&](Quantity quantity, std::vector<Estimate> Accuracy::* values, std::size_t c) {
    const Ratio ratio = columns.of_list(arm, c, quantity);
    (metrics.accuracy.*values).push_back(estimate(bootstrap, ratio));
    if (!metrics.ahead) return;
    ((*metrics.ahead).*values)
        .push_back(estimate_difference(bootstrap, ratio, columns.of_list(*best_baseline, c, quantity)));
  };
  for (std::size_t c = 0; c < columns.cutoffs(); ++c) {
    add(Quantity::hit_rate, &Accuracy::hr, c);
    add(Quantity::ndcg, &Accuracy::ndcg, c);
    add(Quantity::reciprocal_rank, &Accuracy::mrr, c);
    metrics.popularity.push_back(estimate(bootstrap, columns.of_list(arm, c, Quantity::list_popularity)));
    if (with_baskets) {
      metrics.basket_recall.push_back(estimate(bootstrap, columns.of_list(arm, c, Quantity::basket_recall)));
    }
  }
}

Slice read_slice(const Bootstrap& bootstrap, const Columns& columns, std::size_t place,
                 std::optional<std::size_t> best_baseline) {
  Slice slice{.dimension = slice_names[place].dimension, .name = slice_names[place].name};
  slice.targets = static_cast<std::uint64_t>(bootstrap.total(columns.targets_of_slice(place)));
  for (std::size_t arm = 0; arm < columns.arms(); ++arm) {
    const Ratio ndcg = columns.of_slice(place, arm, Quantity::ndcg);
    slice.hr.push_back(estimate(bootstrap, columns.of_slice(place, arm, Quantity::hit_rate)));
    slice.ndcg.push_back(estimate(bootstrap, ndcg));
    if (!best_baseline) continue;
    slice.ndcg_ahead.push_back(
        estimate_difference(bootstrap, ndcg, columns.of_slice(place, *best_baseline, Quantity::ndcg)));
  }
  return slice;
}

}  // namespace

Result<Evaluation> evaluate(const data::Split& split, std::span<const Arm> arms, const EvaluateOptions& options,
                            const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<data::Target> targets = targets_of(split, options);
  if (options.cutoffs.empty()) return Error{ErrorCode::invalid_argument, "there is no cut-off to evaluate at"};
  if (targets.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the split holds nothing out: no user has enough events, or everything was trained on"};
  }
  const std::vector<Basket> baskets = find_baskets(split, targets);
  const std::vector<double> popularity = popularity_percentiles(data::training_counts(split));
  const Rankings rankings = rank_targets(split, targets, baskets, arms, popularity, options, on_progress);
  if (options.stop != nullptr && options.stop->load()) {
    return Error{ErrorCode::interrupted, "evaluation was stopped"};
  }

  const Columns columns(arms.size(), options.cutoffs.size());
  const Bootstrap bootstrap(sum_by_user(split, targets, baskets, popularity, rankings, options.cutoffs),
                            columns.count(), {.seed = options.bootstrap_seed, .threads = options.threads});

  Evaluation evaluation{.cutoffs = options.cutoffs, .users = count_users(targets), .targets = targets.size()};
  // For baskets with one item, recall would equal HR.
  const bool baskets_of_several = std::ranges::any_of(
      baskets, [&](const Basket& basket) { return items_of_basket(split, targets, basket).size() > 1; });
  if (baskets_of_several) evaluation.baskets = baskets.size();
  const auto main_cutoff = std::ranges::find(options.cutoffs, usual_cutoff);
  evaluation.main_cutoff =
      std::min(static_cast<std::size_t>(main_cutoff - options.cutoffs.begin()), options.cutoffs.size() - 1);
  evaluation.best_baseline = find_best_baseline(arms, bootstrap, columns, evaluation.main_cutoff);
  evaluation.target_popularity = estimate(bootstrap, columns.target_popularity());
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    ArmMetrics metrics{.name = arms[arm].name, .kind = arms[arm].kind};
    read_accuracy(bootstrap, columns, arm, evaluation.best_baseline, baskets_of_several, metrics);
    read_ranks(rankings, arm, targets.size(), metrics);
    const auto coverage = rankings.coverage.begin() + static_cast<std::ptrdiff_t>(arm * columns.cutoffs());
    metrics.coverage.assign(coverage, coverage + static_cast<std::ptrdiff_t>(columns.cutoffs()));
    evaluation.arms.push_back(std::move(metrics));
  }
  for (std::size_t slice = 0; slice < slice_names.size(); ++slice) {
    evaluation.slices.push_back(read_slice(bootstrap, columns, slice, evaluation.best_baseline));
  }
  evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return evaluation;
}

}  // namespace sotto::evaluate
