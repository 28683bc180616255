#include <sotto/train/validation.hpp>

#include <sotto/train/seeds.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace sotto::train {
namespace {

// Queries that run side by side. Fixed: how queries are grouped decides how their sums are rounded.
constexpr std::size_t group_size = 64;

}  // namespace

Validation::Validation(const data::Split& split, std::uint64_t seed) {
  std::vector<data::Target> targets = data::validation_targets(split);
  if (targets.size() > max_validation_targets) {
    Random random = stream_of(seed, Purpose::validation_sample, 0);
    for (std::size_t i = 0; i < max_validation_targets; ++i) {
      std::swap(targets[i], targets[i + random.below(static_cast<std::uint32_t>(targets.size() - i))]);
    }
    targets.resize(max_validation_targets);
    std::ranges::sort(targets);
  }
  for (const auto& [user, event] : targets) {
    const auto items = split.log().items_of(user);
    queries_.push_back({items.data(), event, items[event]});
  }
  std::ranges::stable_sort(queries_, [](const RankQuery& a, const RankQuery& b) { return a.length > b.length; });
  ranks_.resize(queries_.size());
}

double Validation::ndcg10(const ParameterLayout& layout, const float* parameters, ThreadPool& pool) {
  std::mutex idle;  // guards workers_: the ones nobody uses at the moment
  const std::size_t groups = (queries_.size() + group_size - 1) / group_size;
  pool.run(groups, [&](std::size_t group) {
    std::unique_ptr<RankWorker> worker;
    {
      const std::lock_guard lock(idle);
      if (!workers_.empty()) {
        worker = std::move(workers_.back());
        workers_.pop_back();
      }
    }
    if (!worker) worker = compute().make_rank_worker(layout);
    const std::size_t first = group * group_size;
    const std::size_t count = std::min(group_size, queries_.size() - first);
    worker->rank(parameters, queries_.data() + first, count, ranks_.data() + first);
    const std::lock_guard lock(idle);
    workers_.push_back(std::move(worker));
  });
  double sum = 0;
  for (const std::uint32_t rank : ranks_) sum += rank <= 10 ? 1.0 / std::log2(static_cast<double>(rank) + 1.0) : 0.0;
  return sum / static_cast<double>(ranks_.size());
}

}  // namespace sotto::train
