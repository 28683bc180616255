#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/metrics.hpp>
#include <sotto/evaluate/popularity.hpp>
#include <sotto/evaluate/rank_targets.hpp>
#include <sotto/evaluate/slices.hpp>

#include <algorithm>
#include <chrono>

namespace sotto::evaluate {
namespace {

constexpr std::uint32_t usual_cutoff = 10;

// Where the quantities of a user lie in the bootstrap's rows: first the targets' popularity, then of each arm and
// cut-off these.
enum Quantity : std::size_t { hit_rate_at, ndcg_at, reciprocal_rank_at, list_popularity_at, quantities };

struct Columns {
  std::size_t arms;
  std::size_t cutoffs;

  static constexpr std::size_t target_popularity = 0;
  [[nodiscard]] std::size_t of(std::size_t arm, std::size_t cutoff, Quantity quantity) const noexcept {
    return 1 + (arm * cutoffs + cutoff) * quantities + quantity;
  }
  [[nodiscard]] std::size_t count() const noexcept { return 1 + arms * cutoffs * quantities; }
};

struct UserSums {
  std::vector<double> sums;            // [users × columns]
  std::vector<std::uint32_t> targets;  // [users]
};

UserSums sum_by_user(const data::Split& split, std::span<const data::Target> targets,
                     std::span<const double> popularity, const Rankings& rankings,
                     const std::vector<std::uint32_t>& cutoffs) {
  const Columns columns{rankings.arms, rankings.cutoffs};
  UserSums users;
  for (std::size_t place = 0; place < targets.size(); ++place) {
    const auto& [user, event] = targets[place];
    if (place == 0 || user != targets[place - 1].user) {
      users.targets.push_back(0);
      users.sums.resize(users.sums.size() + columns.count());
    }
    ++users.targets.back();
    double* row = &users.sums[users.sums.size() - columns.count()];
    row[Columns::target_popularity] += popularity[split.log().items_of(user)[event]];
    for (std::size_t arm = 0; arm < rankings.arms; ++arm) {
      const std::uint32_t rank = rankings.rank(place, arm);
      for (std::size_t c = 0; c < cutoffs.size(); ++c) {
        row[columns.of(arm, c, hit_rate_at)] += hit_rate(rank, cutoffs[c]);
        row[columns.of(arm, c, ndcg_at)] += ndcg(rank, cutoffs[c]);
        row[columns.of(arm, c, reciprocal_rank_at)] += reciprocal_rank(rank, cutoffs[c]);
        row[columns.of(arm, c, list_popularity_at)] += rankings.popularity_of_list(place, arm, c);
      }
    }
  }
  return users;
}

Estimate estimate(const Bootstrap& bootstrap, std::size_t column) {
  return {bootstrap.mean(column), bootstrap.interval(column)};
}

Estimate estimate_difference(const Bootstrap& bootstrap, std::size_t column, std::size_t subtracted) {
  return {bootstrap.mean(column) - bootstrap.mean(subtracted), bootstrap.difference(column, subtracted)};
}

std::optional<std::size_t> find_best_baseline(std::span<const Arm> arms, const Bootstrap& bootstrap,
                                              const Columns& columns, std::size_t main_cutoff) {
  const auto value = [&](std::size_t arm) { return bootstrap.mean(columns.of(arm, main_cutoff, ndcg_at)); };
  std::optional<std::size_t> best;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    if (arms[arm].kind == ArmKind::baseline && (!best || value(arm) > value(*best))) best = arm;
  }
  return best;
}

// HR@1, HR@2, … and how many targets the arm does not know.
void read_ranks(const Rankings& rankings, std::size_t arm, std::size_t targets, ArmMetrics& metrics) {
  metrics.hit_curve.assign(hit_curve_length, 0);
  for (std::size_t place = 0; place < targets; ++place) {
    const std::uint32_t rank = rankings.rank(place, arm);
    if (rank == missed) ++metrics.unknown_targets;
    for (std::uint32_t k = rank; k <= hit_curve_length; ++k) ++metrics.hit_curve[k - 1];
  }
  for (double& hits : metrics.hit_curve) hits /= static_cast<double>(targets);
}

void read_bootstrap(const Bootstrap& bootstrap, const Columns& columns, std::size_t arm,
                    std::optional<std::size_t> best_baseline, ArmMetrics& metrics) {
  if (best_baseline && best_baseline != arm) metrics.ahead.emplace();
  const auto add = [&](Quantity quantity, std::vector<Estimate> Accuracy::* values, std::size_t c) {
    const std::size_t column = columns.of(arm, c, quantity);
    (metrics.accuracy.*values).push_back(estimate(bootstrap, column));
    if (!metrics.ahead) return;
    ((*metrics.ahead).*values)
        .push_back(estimate_difference(bootstrap, column, columns.of(*best_baseline, c, quantity)));
  };
  for (std::size_t c = 0; c < columns.cutoffs; ++c) {
    add(hit_rate_at, &Accuracy::hr, c);
    add(ndcg_at, &Accuracy::ndcg, c);
    add(reciprocal_rank_at, &Accuracy::mrr, c);
    metrics.popularity.push_back(estimate(bootstrap, columns.of(arm, c, list_popularity_at)));
  }
}

}  // namespace

Result<Evaluation> evaluate(const data::Split& split, std::span<const Arm> arms, const EvaluateOptions& options,
                            const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const auto start = std::chrono::steady_clock::now();
  const auto targets = options.target == Target::test ? data::test_targets(split) : data::validation_targets(split);
  if (options.cutoffs.empty()) return Error{ErrorCode::invalid_argument, "there is no cut-off to evaluate at"};
  if (targets.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the split holds nothing out: no user has enough events, or everything was trained on"};
  }
  const std::vector<double> popularity = popularity_percentiles(training_counts(split));
  const Rankings rankings = rank_targets(split, targets, arms, popularity, options, on_progress);
  if (options.stop != nullptr && options.stop->load()) {
    return Error{ErrorCode::interrupted, "evaluation was stopped"};
  }

  const Columns columns{arms.size(), options.cutoffs.size()};
  const UserSums users = sum_by_user(split, targets, popularity, rankings, options.cutoffs);
  const Bootstrap bootstrap(users.sums, users.targets, columns.count(),
                            {.seed = options.bootstrap_seed, .threads = options.threads});

  const auto main_cutoff = std::ranges::find(options.cutoffs, usual_cutoff);
  Evaluation evaluation{.cutoffs = options.cutoffs, .users = users.targets.size(), .targets = targets.size()};
  evaluation.main_cutoff =
      std::min(static_cast<std::size_t>(main_cutoff - options.cutoffs.begin()), options.cutoffs.size() - 1);
  evaluation.best_baseline = find_best_baseline(arms, bootstrap, columns, evaluation.main_cutoff);
  evaluation.target_popularity = estimate(bootstrap, Columns::target_popularity);
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    ArmMetrics metrics{.name = arms[arm].name, .kind = arms[arm].kind};
    read_bootstrap(bootstrap, columns, arm, evaluation.best_baseline, metrics);
    read_ranks(rankings, arm, targets.size(), metrics);
    const auto coverage = rankings.coverage.begin() + static_cast<std::ptrdiff_t>(arm * columns.cutoffs);
    metrics.coverage.assign(coverage, coverage + static_cast<std::ptrdiff_t>(columns.cutoffs));
    evaluation.arms.push_back(std::move(metrics));
  }
  evaluation.slices = slice_targets(split, targets, rankings);
  evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return evaluation;
}

}  // namespace sotto::evaluate
